"""How far a command is, in the post where its answer will stand."""

import asyncio
from dataclasses import replace

import pytest

from bot.answering import STOPPED, Answering
from bot.command import Registry, command
from bot.context import Context
from bot.database import Database
from bot.dispatch import Dispatch
from bot.errors import PlatformError, Refused, Retryable, Unsendable
from bot.inbox import Inbox
from bot.platforms.in_memory import PERSON, PLACE, InMemory, Network
from bot.unfinished import Unfinished
from bot.values import Incoming, Place, PostRef, Reply
from tests.bot.conftest import NOW, context

ASKED = Incoming(post=PostRef(place=PLACE, id="7"), person=PERSON, text="!count", at=NOW)


class Watch:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        """How many have passed."""
        return self.seconds


class Slate(InMemory):
    """A platform that remembers each of its calls, and has the next ones fail with `problems`."""

    def __init__(self, network: Network | None = None) -> None:
        super().__init__(network or Network())
        self.calls: list[str] = []
        self.problems: list[PlatformError] = []

    async def post(self, place: Place, reply: Reply, *, key: str, to: PostRef | None = None) -> PostRef:
        """Write a post."""
        self._called(f"post {reply.text}")
        return await super().post(place, reply, key=key, to=to)

    async def edit(self, post: PostRef, reply: Reply) -> None:
        """Change a post."""
        self._called(f"edit {reply.text}")
        await super().edit(post, reply)

    def _called(self, call: str) -> None:
        self.calls.append(call)
        if self.problems:
            raise self.problems.pop(0)

    @property
    def shown(self) -> list[tuple[str, bool]]:
        """What stands there, and whether it is unfinished."""
        return [(each.reply.text, each.reply.unfinished) for each in self.network.posts if each.reply]


def answering(
    database: Database, watch: Watch, steps: str, *, private: bool = False, crash: bool = False
) -> Answering:
    """A bot whose one command says each of the steps, a second after the other, and then "done"."""

    @command("count", group="first", examples=("count",))
    async def count(ctx: Context) -> Reply:
        """Count."""
        for step in steps:
            await ctx.progress(Reply(text=step, private=private))
            watch.seconds += 1
        if crash:
            raise asyncio.CancelledError
        return Reply(text="done", private=private)

    async def nothing(_incoming: Incoming) -> None:
        """No showcase here."""

    return Answering(
        Inbox(database),
        Unfinished(database),
        Dispatch(registry=Registry([count])),
        lambda person, _place, _attached: context(person),
        showcase=nothing,
        now=lambda: NOW,
        timer=watch,
    )


async def test_the_answer_takes_the_place_of_how_far_it_is(database: Database) -> None:
    """Nothing is said in the first second; then one post, changed every two seconds, and at last the answer."""
    platform = Slate()
    await answering(database, Watch(), "abcdef").handle(ASKED, platform)
    assert platform.calls == ["post b", "edit d", "edit f", "edit done"]
    assert platform.shown == [("done", False)]


async def test_a_platform_sets_the_pace(database: Database) -> None:
    """Where edits are dear, there are few of them."""
    platform = Slate()
    platform.limits = replace(platform.limits, pace=10.0)
    await answering(database, Watch(), "abcdefghijklmnopqrstuvwxyz").handle(ASKED, platform)
    assert platform.calls == ["post b", "edit l", "edit v", "edit done"]


async def test_what_is_quick_is_an_answer_and_no_more(database: Database) -> None:
    """A command that is done within a second posts once."""
    platform = Slate()
    await answering(database, Watch(), "a").handle(ASKED, platform)
    assert platform.calls == ["post done"]


async def test_what_is_private_is_not_shown_before_it_is_whole(database: Database) -> None:
    """A channel for everybody's eyes is not told how far it is."""
    platform = Slate()
    await answering(database, Watch(), "abcdef", private=True).handle(ASKED, platform)
    assert platform.calls == ["post done"]


@pytest.mark.parametrize("again", ["abcdef", "a"], ids=["slow", "quick"])
async def test_a_crash_in_the_middle_leaves_one_post(database: Database, again: str) -> None:
    """The next start goes on in the same post, however quick it is then."""
    before = Slate()
    with pytest.raises(asyncio.CancelledError):
        await answering(database, Watch(), "abcd", crash=True).handle(ASKED, before)
    assert before.shown == [("d", True)]
    after = Slate(before.network)
    await answering(database, Watch(), again).handle(ASKED, after)
    assert after.shown == [("done", False)]


@pytest.mark.parametrize(
    ("problem", "calls"),
    [
        (Retryable("the network is down"), ["post b", "post d", "edit f", "edit done"]),
        (Retryable("too often", after=3), ["post b", "post e", "edit done"]),
        (Refused("no"), ["post b", "post done"]),
    ],
    ids=["down", "too often", "refused"],
)
async def test_a_platform_that_does_not_show_it_stops_nothing(
    database: Database, problem: PlatformError, calls: list[str]
) -> None:
    """It is tried again when it may help; the answer comes whatever became of that."""
    platform = Slate()
    platform.problems.append(problem)
    await answering(database, Watch(), "abcdef").handle(ASKED, platform)
    assert platform.calls == calls
    assert platform.shown == [("done", False)]


async def test_a_post_that_was_deleted_meanwhile_is_written_anew(database: Database) -> None:
    """The answer finds nothing to take the place of."""

    class Deleting(Slate):
        async def edit(self, post: PostRef, reply: Reply) -> None:
            self._called(f"edit {reply.text}")
            self.network.posts.clear()
            raise Unsendable("somebody deleted it")

    platform = Deleting()
    await answering(database, Watch(), "abc").handle(ASKED, platform)
    assert platform.calls == ["post b", "edit done", "post done"]
    assert platform.shown == [("done", False)]


async def crashed(database: Database) -> Slate:
    """A platform where an answer was broken off."""
    platform = Slate()
    with pytest.raises(asyncio.CancelledError):
        await answering(database, Watch(), "abcd", crash=True).handle(ASKED, platform)
    assert platform.shown == [("d", True)]
    return Slate(platform.network)


async def test_what_nobody_takes_up_is_excused(database: Database) -> None:
    """As a slash command, which is not handed over again: its post says so, once."""
    platform = await crashed(database)
    for edits in (1, 1):
        again = answering(database, Watch(), "a")
        await again.recall(["memory"])
        await again.excuse(platform)
        assert len(platform.calls) == edits
    assert platform.shown == [(STOPPED, True)]
    await again.handle(ASKED, platform)
    assert platform.shown == [("done", False)]


async def test_what_is_taken_up_is_not_excused(database: Database) -> None:
    """Neither while it is finished nor after that, not even by a command that has become quick and silent."""
    platform = await crashed(database)
    again = answering(database, Watch(), "")
    await again.recall(["memory", "web"])
    await asyncio.gather(again.handle(ASKED, platform), again.excuse(platform))
    assert platform.shown == [("done", False)]
    assert STOPPED not in " ".join(platform.calls)
    last = answering(database, Watch(), "")
    await last.recall(["memory"])
    await last.excuse(platform)
    assert platform.shown == [("done", False)]


@pytest.mark.parametrize(
    ("problem", "calls"), [(Retryable("not reached yet"), 2), (Unsendable("deleted"), 1)], ids=["later", "never"]
)
async def test_an_excuse_that_cannot_be_said(database: Database, problem: PlatformError, calls: int) -> None:
    """It is tried again at the next start where that may help, and given up where it cannot."""
    platform = await crashed(database)
    platform.problems.append(problem)
    for _ in range(3):
        again = answering(database, Watch(), "a")
        await again.recall(["memory"])
        await again.excuse(platform)
    assert len(platform.calls) == calls
