"""The platform whose network is a list."""

import pytest

from bot.platform import Handler, Platform
from bot.platforms.in_memory import PERSON, PLACE, InMemory, Network
from bot.values import Incoming, PostRef, Reply
from tests.bot.platforms.contract import CLAIMS, Claim, name_of


class MemoryBench:
    """One list, and the platforms over it."""

    place = PLACE

    def __init__(self, *, threads: bool = False) -> None:
        self._platform = InMemory(Network(threads=threads))

    async def start(self, handler: Handler) -> Platform:
        """A new platform over the same list."""
        await self._platform.close()
        self._platform = InMemory(self._platform.network)
        await self._platform.listen(handler)
        return self._platform

    async def say(self, text: str) -> PostRef:
        """A post of Ada's."""
        return self._platform.say(text)

    async def shown(self) -> list[str]:
        """What the bot wrote."""
        return [post.reply.text for post in self._platform.network.posts if post.reply]

    async def letters(self) -> list[str]:
        """What the bot wrote to Ada alone."""
        own = f"direct/{PERSON.id}"
        return [post.reply.text for post in self._platform.network.posts if post.reply and post.place.id == own]

    async def files(self) -> list[str]:
        """What came with it."""
        return [post.reply.file.text for post in self._platform.network.posts if post.reply and post.reply.file]

    async def pinned(self) -> list[str]:
        """What is kept in sight."""
        return [post.title for post in reversed(self._platform.network.posts) if post.pinned]


@pytest.mark.parametrize("threads", [False, True], ids=["posts", "threads"])
@pytest.mark.parametrize("claim", CLAIMS, ids=name_of)
async def test_contract_in_memory(claim: Claim, threads: bool) -> None:
    """It keeps what every platform promises, whether a week is a post with a title or a thread of its own."""
    await claim(MemoryBench(threads=threads))


async def test_a_week_may_have_a_thread_of_its_own() -> None:
    """Then what is said in it stands in a place apart, which people find, too."""
    platform = InMemory(Network(threads=True))
    opened = await platform.open(PLACE, "Week 8", Reply(text="the agenda"), key="open/8")
    assert opened.place != PLACE
    reply = Reply(text="an answer")
    await platform.post(opened.place, reply, key="1", to=platform.say("a question", place=opened.place))
    assert await platform.find(PLACE, "1") is None
    assert [post.title for post in platform.network.posts if post.under == PLACE] == ["Week 8"]


async def test_ask_waits_for_the_answer() -> None:
    """`ask` is one line of a test: what somebody says, and what they are told."""
    platform = InMemory()

    async def handler(incoming: Incoming) -> None:
        assert incoming.person == PERSON
        for number in range(2):
            reply = Reply(text=f"{incoming.text} {number}")
            await platform.post(PLACE, reply, key=f"{incoming.post.id}/{number}", to=incoming.post)

    await platform.listen(handler)
    assert [reply.text for reply in await platform.ask("echo")] == ["echo 0", "echo 1"]
