"""Whatever happens in whatever order: in the end every command that still stands has exactly one answer."""

import asyncio
from random import Random

import pytest

from bot.database import Database
from tests.bot.platforms.discourse.forum import Forum
from tests.bot.platforms.discourse.scenes import Clerk, answers, playing, until
from tests.fakes.discourse import Fault, Post

FAULTS = (
    *("429 json", "429 text", "429 nginx", "500", "502 before", "503 read only", "503 nginx", "reset", "html"),
    *("not json", "502 after commit", "504 after commit", "500 after commit", "reset after commit"),
    "truncated after commit",
)
PATHS = (
    ("POST", "/posts"),
    ("PUT", "/posts/.*"),
    ("GET", "/posts"),
    ("GET", "/posts/.*"),
    ("GET", "/t/.*"),
    ("*", ".*"),
)
NEAR = 25
"""Numbers behind the newest post within which things change: what is farther behind is not looked at unasked."""
OURS = ("listening to the forum", "answer to post", "the forum's bus", "discourse budget")


class Day:
    """One day of random events."""

    def __init__(self, forum: Forum, seed: int) -> None:
        self.forum, self.chance, self.clerk = forum, Random(seed), Clerk(forum)  # noqa: S311 - a test's chance
        self.people = [forum.ada, *(forum.site.user(name) for name in ("bob", "carol", "dan"))]
        self.asked: list[Post] = []
        self.number = 0

    def line(self) -> str:
        """A command that was not given yet."""
        self.number += 1
        return f"!similar Film {self.number}"

    async def say(self) -> None:
        """Somebody asks; now and then numbers are left out, or the post is seen later than its number."""
        self.forum.site.skip_ids("post", self.chance.choice([0, 0, 0, 7]))
        for post in [each for each in self.asked if each.late and not self.near(each)]:
            self.forum.site.appear(post)  # no forum takes longer over one
        late = self.chance.random() < 0.15
        post = self.forum.site.say(self.chance.choice(self.people), self.line(), topic=self.forum.topic, late=late)
        self.asked.append(post)

    async def edit(self) -> None:
        """Somebody changes a command."""
        if live := [each for each in self.live() if self.near(each)]:
            self.forum.site.change(self.chance.choice(live), self.line())

    async def delete(self) -> None:
        """Somebody takes one back."""
        if live := self.live():
            self.forum.site.delete(self.chance.choice(live))

    async def appear(self) -> None:
        """What was late is seen."""
        for post in [each for each in self.asked if each.late]:
            self.forum.site.appear(post)

    async def fail(self) -> None:
        """Something will go wrong, once or a few times."""
        method, path = self.chance.choice(PATHS)
        fault = Fault(what=self.chance.choice(FAULTS), method=method, path=path, times=self.chance.randint(1, 4))
        self.forum.site.faults.append(fault)

    async def restart(self) -> None:
        """The bot is stopped and started."""
        await self.forum.start(self.clerk, bus=self.chance.random() < 0.5)

    async def crash(self) -> None:
        """The bot is killed in the midst of what it does, and started."""
        await asyncio.sleep(0)  # a task that never began would complain of it
        killed = [each for each in asyncio.all_tasks() if each.get_name().startswith(OURS)]
        for task in killed:
            task.cancel()
        await asyncio.gather(*killed, return_exceptions=True)
        await self.restart()

    async def wait(self) -> None:
        """Some time goes by."""
        await self.forum.clock.sleep(self.chance.uniform(1, 90))

    def live(self) -> list[Post]:
        """The commands that stand and are seen."""
        return [each for each in self.asked if each.deleted_at is None and not each.late]

    def near(self, post: Post) -> bool:
        """Whether few posts came after it."""
        return post.id > max(self.forum.site.all_posts) - NEAR

    def right(self) -> bool:
        """Whether each of them has one answer, to what it says now."""
        found = [answers(self.forum, each.id) for each in self.live()]
        return all(
            len(each) == 1 and f"The answer to {post.raw[1:]}\n" in each[0].raw
            for post, each in zip(self.live(), found, strict=True)
        )


@pytest.mark.parametrize("seed", range(10))
async def test_every_command_that_stands_has_one_answer(database: Database, seed: int) -> None:
    """Posts, edits, deletions, faults, restarts and crashes by chance; none is lost and none answered twice."""
    async with playing(database) as forum:
        day = Day(forum, seed)
        await day.restart()
        events = [day.say] * 6 + [day.edit] * 2 + [day.wait] * 4
        events += [day.fail] * 3 + [day.delete, day.appear, day.restart, day.crash]
        for _ in range(40):
            await day.chance.choice(events)()
        forum.site.faults.clear()
        await day.appear()
        await until(day.right)
        await forum.clock.sleep(400)
        assert day.right()
        assert all(len(answers(forum, each.id)) <= 1 for each in day.asked)
        assert not forum.troubles
