"""What the bot asks of a Discourse forum: idle, and when twenty people ask at once.

    .venv/bin/python -m benchmarks.forum

The forum is the stand-in of the tests, with the limits of a real one; time runs ten times as fast as on the wall,
for both. Each of the twenty answers has a picture of its own to upload; what it takes to draw it is not counted.
"""

import asyncio
import itertools
import tempfile
from bisect import bisect_right
from pathlib import Path

from bot.database import connect
from bot.values import Incoming, Reply
from tests.bot.platforms.discourse.forum import Forum
from tests.bot.platforms.discourse.scenes import Clerk, answers, playing, quiet, until
from tests.bot.platforms.discourse.test_writing import picture

SPEED = 10
IDLE = 180.0  # seconds
PEOPLE = 20
PAUSE = 4.0  # seconds between two posts of somebody who writes on
BURSTS = (("", 0, False), (" below 200 posts", 200, False), (", somebody writing every 4 s", 200, True))
"""What is done while twenty ask: posts in the topic before, and whether somebody goes on writing."""


def busiest(forum: Forum, seconds: float = 60.0) -> int:
    """The most requests in any minute."""
    times = sorted(each.at.timestamp() for each in forum.site.requests)
    return max(bisect_right(times, start + seconds) - number for number, start in enumerate(times))


async def idle(folder: Path, *, bus: bool) -> float:
    """Requests a minute while nobody says anything."""
    database = connect(f"sqlite:///{folder / f'idle-{bus}.db'}")
    async with playing(database, speed=SPEED) as forum:
        forum.site.poll_seconds = 25.0 / SPEED
        await forum.start(Clerk(forum), bus=bus)
        await quiet(forum, 60)
        before = len(forum.site.requests)
        await quiet(forum, IDLE)
        rate = (len(forum.site.requests) - before) / (IDLE / 60)
    await database.close()
    return rate


async def chatter(forum: Forum) -> None:
    """Somebody who writes every few seconds, and wants no answer."""
    for number in itertools.count():
        await forum.clock.sleep(PAUSE)
        await forum.say(f"What I read on page {number}.", by=forum.ada)


async def burst(folder: Path, *, old: int, lively: bool) -> tuple[float, float, int, int]:
    """Seconds until the median and the last are answered, requests in all, and in the busiest minute.

    `old` posts stand in the topic before; it is `lively` while somebody goes on writing there.
    """
    database = connect(f"sqlite:///{folder / f'burst-{old}-{lively}.db'}")
    async with playing(database, speed=SPEED) as forum:

        def drawn(incoming: Incoming, line: str) -> Reply:
            return Reply(text=line, images=(picture(incoming.person.name),))

        people = [forum.site.user(f"reader{number}") for number in range(PEOPLE)]
        forum.site.poll_seconds = 25.0 / SPEED
        for number in range(old):
            forum.site.say(forum.ada, f"What I read on day {number}.", topic=forum.topic)
        await forum.start(Clerk(forum, drawn), bus=True)
        await quiet(forum, 60)
        talk = asyncio.create_task(chatter(forum)) if lively else None
        start, before = forum.clock.now(), len(forum.site.requests)
        asked = [await forum.say("!similar Alien", by=each) for each in people]
        await until(lambda: all(answers(forum, each.id) for each in asked), seconds=300)
        took = sorted((answers(forum, each.id)[0].created_at - start).total_seconds() for each in asked)
        if talk:
            talk.cancel()
        found = took[PEOPLE // 2], took[-1], len(forum.site.requests) - before, busiest(forum)
    await database.close()
    return found


async def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        alone, bus = await idle(folder, bus=False), await idle(folder, bus=True)
        bursts = {name: await burst(folder, old=old, lively=lively) for name, old, lively in BURSTS}
    print("| what | requests | of the 60 a minute |")
    print("|---|--:|--:|")
    print(f"| idle, polling alone | {alone:.1f} a minute | {alone / 60:.0%} |")
    print(f"| idle, with the message bus | {bus:.1f} a minute | {bus / 60:.0%} |")
    for name, (_, _, asked, most) in bursts.items():
        said = f"{asked} in all, {most} in the busiest minute"
        print(f"| {PEOPLE} commands at once, a picture each{name} | {said} | {most / 60:.0%} |")
    for name, (median, last, _, _) in bursts.items():
        print(f"\nOf the {PEOPLE}{name}, half are answered after {median:.0f} s, the last after {last:.0f} s.")


if __name__ == "__main__":
    asyncio.run(main())
