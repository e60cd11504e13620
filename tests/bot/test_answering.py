"""From a post to its one reply."""

import asyncio

from bot.answering import Answering
from bot.command import Registry, command
from bot.context import Context
from bot.database import Database
from bot.dispatch import Dispatch
from bot.inbox import Inbox
from bot.platforms.in_memory import PLACE, InMemory, Network
from bot.unfinished import Unfinished
from bot.values import Incoming, Person, Place, PostRef, Reply
from tests.bot.conftest import NOW, context

TWO = 2
listed: list[str] = []
both = asyncio.Event()


@command("add", group="first", examples=("add me",))
async def add(ctx: Context, what: str) -> Reply:
    """Add something to the list."""
    listed.append(what)
    if len(listed) == TWO:
        both.set()
    return Reply(text=", ".join(listed), running="list")


class Slow(InMemory):
    """A platform with a network that takes its time."""

    async def find(self, place: Place, key: str) -> PostRef | None:
        """Once both commands have run, and after a while."""
        found = await super().find(place, key)
        await both.wait()
        for _ in range(50):
            await asyncio.sleep(0)
        return found


async def nothing(_incoming: Incoming) -> None:
    """No showcase here."""


async def test_two_that_change_one_list_at_once_leave_the_newer(database: Database) -> None:
    """Neither finds the list there yet; the second waits for the first, and then changes what it posted."""
    listed.clear()
    platform = Slow(Network())
    answering = Answering(
        Inbox(database),
        Unfinished(database),
        Dispatch(registry=Registry([add])),
        lambda person, _place, _attached: context(person),
        showcase=nothing,
        now=lambda: NOW,
    )

    async def ask(name: str) -> None:
        person = Person(platform="memory", id=name, name=name)
        post = PostRef(place=PLACE, id=name)
        await answering.handle(Incoming(post=post, person=person, text=f"!add {name}", at=NOW), platform)

    await asyncio.gather(ask("ann"), ask("bob"))
    assert [each.reply.text for each in platform.network.posts if each.reply] == [", ".join(listed)]
    assert len(listed) == TWO
