"""The week's thread: below a message in a text channel, or a post of its own in a forum. And what hangs on it."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence

import discord

from bot.correspondence import Written
from bot.platforms.discord.client import Clock
from bot.platforms.discord.errors import ALREADY_A_THREAD, PINNED_ENOUGH, SECONDS, as_ours
from bot.platforms.discord.parcels import Parcel
from bot.platforms.discord.places import number_of
from bot.platforms.discord.reading import person
from bot.platforms.discord.server import Server
from bot.platforms.discord.writing import Target, Writer
from bot.values import Person, Place, PostRef, Reply, clean

LONGEST_TITLE = 100
DAYS_IN_SIGHT = 10_080  # minutes without a message after which a thread leaves the list: a week
LOOKED_AT = 50  # closed threads among which one of ours is looked for


class Weeks:
    """Opens, pins and counts votes."""

    def __init__(
        self, writer: Writer, server: Server, clock: Clock, *, client: Callable[[], Awaitable[discord.Client]]
    ) -> None:
        self._writer, self._server, self._clock, self._client = writer, server, clock, client

    async def open(self, place: Place, title: str, reply: Reply, *, key: str) -> PostRef:
        """Open a thread in the group's channel, once per key."""
        number_of(place)
        name = " ".join(clean(title).split())[:LONGEST_TITLE] or "This week"

        async def begin(part: Written, parcel: Parcel) -> tuple[int, int]:
            number = await (self._posted if self._server.forum else self._below)(place, key, part, parcel, name)
            return number, number

        async with self._writer.alone(place, key):
            found = await self._writer.known(place, key)
            if found is not None:
                return found
            await self._client()
            said = self._writer.parcels(reply, role=self._writer.role)
            return await self._writer.say(place, key, said, Target(channel=self._server.home.id), begin)

    async def pin(self, post: PostRef, *, pinned: bool) -> None:
        """Pin a message of ours in its channel, or a post of ours in the forum; twice is once."""
        await self._writer.key_of(post)
        client = await self._client()
        with as_ours(f"{'pin' if pinned else 'unpin'} message {post.id}"):
            async with asyncio.timeout(SECONDS):
                if self._server.forum and post.id == post.place.id:
                    await self._pin_thread(client, int(post.id), pinned=pinned)
                    return
                channel = self._writer.messages(client, self._writer.channel_of(post))
                message = channel.get_partial_message(int(post.id))
                await (message.pin() if pinned else message.unpin())

    async def votes(self, post: PostRef) -> Sequence[Collection[Person]]:
        """Who voted for each answer of a poll of ours, in their order; empty where it has none."""
        client = await self._client()
        with as_ours(f"count the votes of {post.id}"):
            channel = self._writer.messages(client, self._writer.channel_of(post))
            message = await channel.fetch_message(int(post.id))
            answers = message.poll.answers if message.poll else []
            return [[person(voter) async for voter in answer.voters()] for answer in answers]

    async def _below(self, place: Place, key: str, part: Written, parcel: Parcel, name: str) -> int:
        """A message in the channel, and a thread below it: both have one id."""
        home = self._server.text
        number = await self._writer.send(place, key, part, parcel, Target(channel=home.id))
        message = home.get_partial_message(number)
        with as_ours("open a thread"):
            try:
                async with asyncio.timeout(SECONDS):
                    await message.create_thread(name=name, auto_archive_duration=DAYS_IN_SIGHT)
            except discord.HTTPException as problem:
                if problem.code != ALREADY_A_THREAD:
                    raise
        return number

    async def _posted(self, place: Place, key: str, part: Written, parcel: Parcel, name: str) -> int:
        """A post in the forum. Discord knows no nonce for it: one that is there is known by its name."""
        forum = self._server.board
        found = None if part.fresh else await self._named(name)
        if found is not None:
            return found
        tags = forum.available_tags[:1] if forum.flags.require_tag else []
        with as_ours("open a post in the forum"):
            async with asyncio.timeout(SECONDS):
                made = await forum.create_thread(
                    name=name,
                    auto_archive_duration=DAYS_IN_SIGHT,
                    applied_tags=tags,
                    suppress_embeds=True,
                    **parcel.sent(self._clock.now()),
                )
        return made.thread.id

    async def _named(self, name: str) -> int | None:
        """A thread of ours by that name which nothing is written down for."""
        client = await self._client()
        for thread in await self._server.watched(LOOKED_AT):
            ours = client.user is not None and thread.owner_id == client.user.id
            if ours and thread.name == name and not await self._writer.is_known(thread.id):
                return thread.id
        return None

    async def _pin_thread(self, client: discord.Client, number: int, *, pinned: bool) -> None:
        """A forum has one pinned post: the one before makes room."""
        thread = await client.fetch_channel(number)
        assert isinstance(thread, discord.Thread)  # noqa: S101 - a post of a forum is one
        try:
            await thread.edit(pinned=pinned)
        except discord.HTTPException as problem:
            if problem.code != PINNED_ENOUGH:
                raise
            for other in await self._server.watched(LOOKED_AT):
                if other.flags.pinned and client.user and other.owner_id == client.user.id:
                    await other.edit(pinned=False)
            await thread.edit(pinned=pinned)
