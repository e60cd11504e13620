"""The platform whose network is a list."""

import pytest

from bot.platform import Handler, Platform
from bot.platforms.in_memory import PERSON, PLACE, InMemory, Network
from bot.values import Incoming, PostRef, Reply
from tests.bot.platforms.contract import CLAIMS, Claim, name_of


class MemoryBench:
    """One list, and the platforms over it."""

    place = PLACE

    def __init__(self) -> None:
        self._platform = InMemory(Network())

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


@pytest.mark.parametrize("claim", CLAIMS, ids=name_of)
async def test_contract_in_memory(claim: Claim) -> None:
    """It keeps what every platform promises."""
    await claim(MemoryBench())


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
