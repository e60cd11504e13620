"""Our bot on a Discord server beside a bare discord.py bot that echoes: at rest, and at work.

    .venv/bin/python -m benchmarks.guild [--idle 60] [--commands 120]

Both run as processes of their own against a fake server, one after the other, and are asked the same.
Nobody asks more than the bot allows one person, and one channel.
"""

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from bot.platforms.discord.flood import CHANNEL, PERSON
from tests.fakes.discord import Channel, Server, Site, User, serve

ROOT = Path(__file__).parents[1]
TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE = 30.0
NUMBERS = count()


@dataclass(frozen=True, kw_only=True)
class Rest:
    """A process that has nothing to do."""

    resident: float
    proportional: float
    cpu: float
    """Of one core, in per cent."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """Answers: how many a second, and how long each took in milliseconds."""

    rate: float
    median: float
    late: float
    """95 of 100 are quicker."""


class Crowd:
    """People and threads, a new one of each before the bot would find it too much."""

    def __init__(self, site: Site, home: Channel) -> None:
        self._site, self._home, self._asked = site, home, count()
        self._person, self._thread = site.owner, home

    def next(self) -> tuple[User, Channel]:
        """Who asks next, and where."""
        number = next(self._asked)
        if number % (PERSON - 2) == 0:
            self._person = self._site.user(f"reader {next(NUMBERS)}")
        if number % (CHANNEL - 5) == 0:
            self._thread = self._site.thread(self._home, f"room {next(NUMBERS)}", self._person)
        return self._person, self._thread


async def text(site: Site, crowd: Crowd, line: str) -> None:
    """Ask by text, and wait for the answer."""
    who, where = crowd.next()
    asked = site.say(where, who, line)
    async with asyncio.timeout(PATIENCE):
        while not any(each.reference == asked.id for each in site.messages(where)):  # noqa: ASYNC110
            await asyncio.sleep(0.0005)


async def slash(site: Site, crowd: Crowd, line: str) -> None:
    """Ask by slash, and wait for the answer."""
    who, where = crowd.next()
    asked = site.slash(where, who, "movie", {"title": line})
    async with asyncio.timeout(PATIENCE):
        while not any(each.content for each in asked.messages):  # noqa: ASYNC110
            await asyncio.sleep(0.0005)


Ask = Callable[[Site, Crowd, str], Awaitable[None]]


def windows() -> Iterator[str]:
    """A command with another picture each time."""
    return (f"!kernel topedge at={row},{column}" for row in range(1, 27) for column in range(1, 27))


async def work(ask: Ask, site: Site, home: Channel, lines: Iterator[str], commands: int, at_once: int) -> Work:
    """So many commands, so many at once."""
    crowd, taken, left = Crowd(site, home), list[float](), iter(range(commands))

    async def one() -> None:
        for _ in left:
            begun = time.perf_counter()
            await ask(site, crowd, next(lines))
            taken.append(time.perf_counter() - begun)

    begun = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(at_once)))
    seconds = time.perf_counter() - begun
    ordered = sorted(taken)
    return Work(
        rate=commands / seconds,
        median=1000 * statistics.median(ordered),
        late=1000 * ordered[int(0.95 * (len(ordered) - 1))],
    )


async def rest(process: subprocess.Popen[bytes], seconds: float) -> Rest:
    """Look at a process that is left alone."""
    before = _cpu(process.pid)
    await asyncio.sleep(seconds)
    used = _cpu(process.pid) - before
    resident, proportional = _sizes(process.pid)
    return Rest(resident=resident, proportional=proportional, cpu=100 * used / seconds)


def _sizes(pid: int) -> tuple[float, float]:
    """Megabytes in memory: all, and all with what is shared counted by shares."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    sizes = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines}
    return sizes["Rss"], sizes["Pss"]


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


@asynccontextmanager
async def started(command: list[str], environment: dict[str, str]) -> AsyncGenerator[subprocess.Popen[bytes]]:
    """A process, until the block ends."""
    process = await asyncio.to_thread(
        subprocess.Popen, command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait)


CASES: dict[str, tuple[Ask, Callable[[], Iterator[str]]]] = {
    "text, no picture (`!movie Fargo`)": (text, lambda: ("!movie Fargo" for _ in count())),
    "slash, no picture (`/movie Fargo`)": (slash, lambda: ("Fargo" for _ in count())),
    "text, the same picture (`!kernel topedge at=5,7`)": (
        text,
        lambda: ("!kernel topedge at=5,7" for _ in count()),
    ),
    "text, a new picture each time (the next window)": (text, windows),
}


async def measured(name: str, folder: Path, idle: float, commands: int) -> tuple[Rest, dict[str, list[Work]]]:
    """One bot, from its start on."""
    site = Site()
    home = site.channel("reading-group")
    async with serve(site) as server:
        command, environment = _how(name, site, server, home, folder)
        async with started(command, environment) as process:
            async with asyncio.timeout(60):
                await site.until(lambda: site.commands)
                await asyncio.sleep(3)
            crowd = Crowd(site, home)
            for line in ("!movie Fargo", "!kernel topedge at=5,7"):
                await text(site, crowd, line)  # what is loaded on first use is loaded
            still = await rest(process, idle)
            found = {
                case: [await work(ask, site, home, lines(), commands, at_once) for at_once in (1, 20)]
                for case, (ask, lines) in CASES.items()
            }
        return still, found


def _how(name: str, site: Site, server: Server, home: Channel, folder: Path) -> tuple[list[str], dict[str, str]]:
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "WEB_PORT": "8765"}
    if name == "echo":
        picture = ROOT / "docs" / "thread-phone.png"
        arguments = [site.token, server.api, server.gateway, str(site.guild.id), str(picture)]
        return [sys.executable, "-m", "benchmarks.echo_bot", *arguments], environment
    return [sys.executable, "-m", "bot", "run"], environment | {
        "DATABASE_URL": f"sqlite:///{folder}/group.db",
        "DISCORD_TOKEN": site.token,
        "DISCORD_CHANNEL_ID": str(home.id),
        "DISCORD_API_BASE": server.api,
        "DISCORD_GATEWAY_URL": server.gateway,
    }


async def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--idle", type=float, default=60, help="seconds that each is left alone")
    parser.add_argument("--commands", type=int, default=120, help="of each kind, at 1 and at 20 at once")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        echo, echoed = await measured("echo", Path(temporary), options.idle, options.commands)
        ours, answered = await measured("ours", Path(temporary), options.idle, options.commands)
    print("| at rest | resident, MB | proportional, MB | CPU, % of a core |\n|---|---|---|---|")
    for name, found in (("echo", echo), ("ours", ours)):
        print(f"| {name} | {found.resident:.0f} | {found.proportional:.0f} | {found.cpu:.2f} |")
    print("\n| answers | at once | a second, echo | ours | ratio | median and 95th, ms, echo | ours |")
    print("|---|---|---|---|---|---|---|")
    for case in CASES:
        for at_once, theirs, mine in zip((1, 20), echoed[case], answered[case], strict=True):
            print(
                f"| {case} | {at_once} | {theirs.rate:.0f} | {mine.rate:.0f} | {mine.rate / theirs.rate:.2f} | "
                f"{theirs.median:.0f}, {theirs.late:.0f} | {mine.median:.0f}, {mine.late:.0f} |"
            )


if __name__ == "__main__":
    asyncio.run(main())
