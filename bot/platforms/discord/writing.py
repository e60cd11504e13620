"""Saying something once: written down, sent under a nonce, and looked for where a try broke off.

Discord knows a nonce again for some minutes. After that, and where it takes none, the channel is read: the very
text that was written down, in a message of ours that nothing else is written down for, is the one.
"""

import asyncio
import logging
from base64 import b32encode
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, TypeVar

import discord

from bot.correspondence import Ledger, Written
from bot.errors import PlatformError, Refused, Unsendable
from bot.platforms.discord.client import Clock
from bot.platforms.discord.errors import (
    ARCHIVED,
    NO_LONGER,
    NO_REPLY,
    SECONDS,
    UNKNOWN_CHANNEL,
    UNKNOWN_MESSAGE,
    as_ours,
)
from bot.platforms.discord.parcels import Parcel, parcels
from bot.platforms.discord.pending import Pending
from bot.platforms.discord.places import channel, number_of
from bot.values import Person, Place, PostRef, Refusal, Reply, code

Sent = TypeVar("Sent")

SEARCHED = 100  # messages of a channel, the newest, in which one of ours is looked for
NONCE = 24  # characters; Discord takes 25

log = logging.getLogger(__name__)


Begin = Callable[[Written, Parcel], Awaitable[tuple[int, int]]]
"""Sends the first message its own way; its id, and the channel that the others go to."""


@dataclass(frozen=True, kw_only=True)
class Target:
    """Where messages go: a channel, and there as the answer to a message."""

    channel: int
    to: int | None = None


class Writer:
    """Writes, edits and finds messages of ours. `line` is the connection, `asked` a message being answered."""

    def __init__(
        self,
        ledger: Ledger,
        clock: Clock,
        *,
        client: Callable[[], Awaitable[discord.Client]],
        asked: Callable[[str], discord.Message | None],
        pending: Callable[[str], Pending | None],
        home: int,
        forum: Callable[[], bool],
        role: int | None,
        line: Callable[[str], str],
    ) -> None:
        self._ledger, self._clock, self._client = ledger, clock, client
        self._asked, self._pending = asked, pending
        self._home, self._forum, self._line = home, forum, line
        self.role = role
        self._turns: dict[tuple[str, str], asyncio.Lock] = {}

    async def post(self, place: Place, reply: Reply, *, key: str, to: PostRef | None = None) -> PostRef:
        """Write a reply, once per key."""
        async with self.alone(place, key):
            found = await self.known(place, key)
            if found is not None:
                return found
            pending = self._pending(to.id) if to else None
            if pending is not None:
                return await self._into(pending, place, reply, key)
            if to is not None and reply.private:
                return await self._whisper(place, reply, key, to)
            return await self._aloud(place, reply, key, to)

    async def tell(self, place: Place, person: Person, reply: Reply, *, key: str) -> PostRef:
        """Write a direct message, once per key; the books keep it under `place`."""
        async with self.alone(place, key):
            found = await self.known(place, key)
            if found is not None:
                return found
            client = await self._client()
            with as_ours(f"write to {person.id}"):
                direct = await client.create_dm(discord.Object(int(person.id)))
            return await self.say(place, key, parcels(reply, self._clock.now()), Target(channel=direct.id))

    async def edit(self, post: PostRef, reply: Reply) -> None:
        """Put `reply` in the place of an earlier message of ours; what would not fit is left out."""
        pending = self._pending(post.id)
        if pending is not None:
            await self._into(pending, post.place, reply, "")
            return
        await self.key_of(post)
        changed = parcels(replace(reply, vote=None), self._clock.now())[0].edited
        try:
            with as_ours(f"change message {post.id}"):
                async with asyncio.timeout(SECONDS):
                    await self._edited(post, changed)
        except Unsendable as problem:
            if _code(problem) == UNKNOWN_MESSAGE:
                await self._ledger.gone(post.id)
            raise

    async def find(self, place: Place, key: str) -> PostRef | None:
        """The message written under `key`, by our own books."""
        return await self.known(place, key)

    async def key_of(self, post: PostRef) -> str:
        """The key of a message of ours; Refused for anything else."""
        if not post.id.isdecimal():
            raise Refused(f"Discord has no message {post.id!r}")
        key = await self._ledger.key(post.id)
        if key is not None:
            return key
        client = await self._client()
        with as_ours(f"read message {post.id}"):
            found = await self.messages(client, self.channel_of(post)).fetch_message(int(post.id))
        if client.user is None or found.author.id != client.user.id:
            raise Refused(f"message {post.id} is not mine")
        return f"post/{post.id}"

    async def is_known(self, number: int) -> bool:
        """Whether a message of ours is written down."""
        return await self._ledger.key(str(number)) is not None

    def channel_of(self, post: PostRef) -> int:
        """The channel that holds a message: one that began a thread stands above it."""
        above = post.id == post.place.id and not self._forum()
        return self._home if above else number_of(post.place)

    def messages(self, client: discord.Client, number: int) -> discord.PartialMessageable:
        """A channel, whatever is known of it."""
        return client.get_partial_messageable(number)

    async def known(self, place: Place, key: str) -> PostRef | None:
        """By our own books; None unless all of it has arrived."""
        number_of(place)
        said = await self._ledger.said(place.id, key)
        if not said or any(part.post is None for part in said):
            return None
        return PostRef(place=channel(int(said[0].thread or place.id)), id=said[0].post or "")

    async def say(
        self, place: Place, key: str, said: Sequence[Parcel], target: Target, begin: Begin | None = None
    ) -> PostRef:
        """Send messages one after the other, each once."""
        written = await self._ledger.intend(place.id, key, [each.content for each in said], self._clock.now())
        first: PostRef | None = None
        for part in written:
            where = int(part.thread) if part.thread else target.channel
            if part.post is not None:
                number = int(part.post)
            else:
                parcel = _parcel(said, written, part)
                if begin and part.part == 0:
                    number, where = await self._or_forget(place, key, begin(part, parcel))
                else:
                    number = await self._or_forget(place, key, self.send(place, key, part, parcel, target))
                await self._ledger.wrote(place.id, key, part.part, str(where), str(number))
            first = first or PostRef(place=channel(where), id=str(number))
            target = Target(channel=where)
        assert first is not None  # noqa: S101 - a reply has a message at least
        return first

    async def send(self, place: Place, key: str, part: Written, parcel: Parcel, target: Target) -> int:
        """Send one message; what an earlier try may have left is looked for first."""
        wanted = replace(parcel, content=part.body)
        number = None if part.fresh else await self._before(target.channel, part.body)
        if number is None:
            number = await self._sent(wanted, target, _nonce(place, key, part))
        if wanted.content != parcel.content:
            # Since an earlier try the question has changed, and with it the answer.
            client = await self._client()
            with as_ours(f"change message {number}"):
                await self.messages(client, target.channel).get_partial_message(number).edit(**parcel.edited)
        return number

    async def _aloud(self, place: Place, reply: Reply, key: str, to: PostRef | None) -> PostRef:
        """For everybody to see. What announces something may mention the role that wants to know."""
        role = self.role if to is None else None
        said = parcels(reply, self._clock.now(), role=role)
        number = number_of(place)
        answered = int(to.id) if to and to.id.isdecimal() else None
        try:
            return await self.say(place, key, said, Target(channel=number, to=answered))
        except Refused as problem:
            if _code(problem) != UNKNOWN_CHANNEL or number == self._home:
                raise
            if to is not None:
                raise Unsendable(f"what is to be answered is gone with its thread: {problem}") from problem
            # Somebody deleted the week's thread; the group's channel is still there.
            log.warning("the thread %s is gone: the message goes into the group's channel", place.id)
            return await self.say(place, key, said, Target(channel=self._home))

    async def _into(self, pending: Pending, place: Place, reply: Reply, key: str) -> PostRef:
        """The answer to a slash command, a button or a form. Why there is none, only the asker has to read."""
        now, secret = self._clock.now(), reply.private or pending.private
        said, here = parcels(replace(reply, vote=None), now), number_of(place)

        async def begin(_part: Written, parcel: Parcel) -> tuple[int, int]:
            return await pending.answer(parcel, now, private=False), here

        try:
            if not secret and not isinstance(reply, Refusal):
                # What follows stands in the channel: there Discord knows a message again that it was sent before.
                return await self.say(place, key, said, Target(channel=here), begin)
            number = await pending.answer(said[0], now, private=True, unfinished=reply.unfinished)
            if reply.unfinished:
                # No message that our books know: it is reached by the interaction alone.
                return PostRef(place=place, id=pending.id)
            await pending.more(said[1:], now)
        except Unsendable as problem:
            if secret or pending.answered or _code(problem) not in NO_LONGER:
                raise
            log.info("an interaction was over before its answer, which goes into the channel: %s", problem)
            found = await self.say(place, key, said, Target(channel=here))
            pending.over = pending.public = True
            return found
        return PostRef(place=place, id=str(number))

    async def _whisper(self, place: Place, reply: Reply, key: str, to: PostRef) -> PostRef:
        """For the asker's eyes alone: a direct message, or a word on how to see it here."""
        client = await self._client()
        with as_ours("answer privately"):
            message = self._asked(to.id) or await self.messages(client, number_of(to.place)).fetch_message(
                int(to.id)
            )
            if message.guild is None and isinstance(message.channel, discord.DMChannel):
                return await self.say(
                    place, key, parcels(reply, self._clock.now()), Target(channel=message.channel.id)
                )
            direct = await message.author.create_dm()
        try:
            said = parcels(reply, self._clock.now())
            return await self.say(place, key, said, Target(channel=direct.id))
        except Unsendable:
            word = self._line(message.content).partition(" ")[0].lstrip("!?./") or "help"
            hint = (
                "That is for you alone, and your direct messages are closed to me: "
                f"{code('/' + word)} shows it here, to nobody but you."
            )
            said = parcels(Reply(text=hint), self._clock.now())
            return await self.say(place, key, said, Target(channel=number_of(place), to=int(to.id)))

    async def _or_forget(self, place: Place, key: str, sent: Awaitable[Sent]) -> Sent:
        """What was refused was never said: its key is free."""
        try:
            return await sent
        except Refused:
            await self._ledger.forget(place.id, key)
            raise

    async def _sent(self, parcel: Parcel, target: Target, nonce: str) -> int:
        client = await self._client()
        where, more = self.messages(client, target.channel), dict[str, Any]()
        if target.to is not None:
            more["reference"] = discord.MessageReference(
                message_id=target.to, channel_id=target.channel, fail_if_not_exists=False
            )
        with as_ours(f"write in channel {target.channel}"):
            async with asyncio.timeout(SECONDS):
                try:
                    sent = await where.send(
                        **parcel.sent(self._clock.now()), **more, nonce=nonce, suppress_embeds=True
                    )
                except discord.HTTPException as problem:
                    if problem.code != NO_REPLY:
                        raise
                    # Who may not read back may not reply either: then it stands there by itself.
                    sent = await where.send(**parcel.sent(self._clock.now()), nonce=nonce, suppress_embeds=True)
        return sent.id

    async def _before(self, number: int, body: str) -> int | None:
        """A message of ours with that very text which nothing else is written down for."""
        client = await self._client()
        with as_ours(f"read channel {number}"):
            async for message in self.messages(client, number).history(limit=SEARCHED):
                ours = client.user is not None and message.author.id == client.user.id
                if ours and _same(message.content, body) and await self._ledger.key(str(message.id)) is None:
                    return message.id
        return None

    async def _edited(self, post: PostRef, changed: dict[str, Any]) -> None:
        client = await self._client()
        where = self.messages(client, self.channel_of(post)).get_partial_message(int(post.id))
        try:
            await where.edit(**changed)
        except discord.HTTPException as problem:
            if problem.code != ARCHIVED:
                raise
            thread = await client.fetch_channel(number_of(post.place))
            if not isinstance(thread, discord.Thread):
                raise
            await thread.edit(archived=False)
            await where.edit(**changed)

    @asynccontextmanager
    async def alone(self, place: Place, key: str) -> AsyncGenerator[None]:
        """One at a time for a key."""
        turn = self._turns.setdefault((place.id, key), asyncio.Lock())
        try:
            async with turn:
                yield
        finally:
            if not turn.locked():
                self._turns.pop((place.id, key), None)


def _parcel(said: Sequence[Parcel], written: Sequence[Written], part: Written) -> Parcel:
    """What goes with a text that was written down; where the answer is cut differently by now, the text alone."""
    return said[part.part] if len(said) == len(written) else Parcel(content=part.body)


def _nonce(place: Place, key: str, part: Written) -> str:
    told = "\n".join((place.id, key, str(part.part), part.body))
    return b32encode(sha256(told.encode()).digest()).decode()[:NONCE]


def _same(one: str, other: str) -> bool:
    """Discord drops blanks at the ends."""
    return one.split() == other.split()


def _code(problem: PlatformError) -> int:
    """Discord's number for what went wrong."""
    cause = problem.__cause__
    return cause.code if isinstance(cause, discord.HTTPException) else 0


__all__ = ["Target", "Writer"]
