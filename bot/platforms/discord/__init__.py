"""The group's Discord server: a thread for each week in its channel, an answer below each command.

Text and slash commands, buttons and forms all become posts that are handed over; whatever is said is written down
first (`bot.correspondence`). The connection is looked after by a supervisor of its own.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from random import Random

import discord

from bot.command import Command, Param
from bot.correspondence import Ledger
from bot.errors import PlatformError, Refused, Retryable, StartError
from bot.platform import Event, Handler, Limits
from bot.platforms.discord.choices import watch
from bot.platforms.discord.client import Client, Clock, intents
from bot.platforms.discord.events import Events
from bot.platforms.discord.flood import Flood
from bot.platforms.discord.forms import following, submitted
from bot.platforms.discord.interactions import Interactions
from bot.platforms.discord.lines import line as as_line
from bot.platforms.discord.listening import Listener
from bot.platforms.discord.places import NAME, channel
from bot.platforms.discord.reading import Reader
from bot.platforms.discord.server import Server
from bot.platforms.discord.slash import plant
from bot.platforms.discord.supervisor import Lease, Report, Supervisor
from bot.platforms.discord.sync import Sync
from bot.platforms.discord.weeks import Weeks
from bot.platforms.discord.writing import Writer
from bot.values import Asked, Person, Place, PostRef, Reply

FIRST_CONNECTION = 10.0  # seconds that a start waits for it; after them it goes on without
NO_CONTENT = (
    "Discord does not show us what people write: we answer slash commands and whoever mentions us. "
    "The bot's page in the developer portal has a switch for it, Message Content Intent; restart the bot after it."
)

log = logging.getLogger(__name__)


class Discord:
    """Fulfils `bot.platform.Platform` and `bot.platform.Calendar`.

    `home` is the group's channel; `role` the one role that announcements may mention. `line` finds the first
    command of a text, `complete` what a parameter may be. `report` is told what does not work, and when it does
    again.
    """

    name = NAME
    limits = Limits(text=1_900, images=10, image_bytes=8_000_000, choices=25)

    def __init__(
        self,
        token: str,
        ledger: Ledger,
        lease: Lease,
        clock: Clock,
        chance: Random,
        *,
        home: int,
        role: int | None = None,
        prefix: str,
        commands: Iterable[Command],
        line: Callable[[str], str],
        complete: Callable[[Param, str], Awaitable[Sequence[str]]],
        report: Report,
    ) -> None:
        self._ledger, self._clock, self._report = ledger, clock, report
        self._home, self._prefix, self._line, self._complete = home, prefix, line, complete
        self._commands = {command.name: command for command in commands}
        self._intents = intents()
        self.client = Client(self, self._intents, clock)
        self.server = Server(self.client, home)
        self._sync = Sync(self.client.tree, ledger, clock, report)
        self.connection = Supervisor(
            self.client, token, lease=lease, clock=clock, chance=chance, report=report, lost=self.away
        )
        flood = Flood(clock)
        self._interactions = Interactions(clock, flood, line=self._said)
        self._listener = Listener(ledger, clock, line=self.server, reader=self._reader, flood=flood, report=report)
        self._writer = Writer(
            ledger,
            clock,
            client=self._reached,
            asked=self._listener.asked,
            pending=self._interactions.pending,
            home=home,
            forum=lambda: self.server.forum,
            role=role,
            line=line,
        )
        self._weeks = Weeks(self._writer, self.server, clock, client=self._reached)
        self._events = Events(ledger, self.server, clock, client=self._reached)
        self._ready = asyncio.Event()
        self._running: list[asyncio.Task[None]] = []

    async def listen(self, handler: Handler) -> None:
        """Connect, hand over what was written since the last time, and everything from now on.

        Returns once connected, or after a while without: then the connection is still sought.
        """
        self._interactions.begin(handler)
        await self._listener.missed.mark(self._clock.now())
        self._running = [
            asyncio.create_task(self.connection.run(), name="the connection to Discord"),
            asyncio.create_task(self._listen(handler), name="listening to Discord"),
        ]
        waits = [
            asyncio.ensure_future(self._ready.wait()),
            asyncio.ensure_future(self._clock.sleep(FIRST_CONNECTION)),
        ]
        await asyncio.wait({*waits, self._running[0]}, return_when=asyncio.FIRST_COMPLETED)
        for each in waits:
            each.cancel()

    async def post(self, place: Place, reply: Reply, *, key: str, to: PostRef | None = None) -> PostRef:
        """Write a reply, once per key: below `to`, or as the answer to an interaction; privately, if it is so."""
        return await self._writer.post(place, reply, key=key, to=to)

    async def tell(self, person: Person, reply: Reply, *, key: str) -> PostRef:
        """Write a direct message, once per key."""
        return await self._writer.tell(channel(self._home), person, reply, key=key)

    async def open(self, place: Place, title: str, reply: Reply, *, key: str) -> PostRef:
        """Open a thread in the group's channel, once per key."""
        return await self._weeks.open(place, title, reply, key=key)

    async def edit(self, post: PostRef, reply: Reply) -> None:
        """Put `reply` in the place of an earlier message of ours."""
        await self._writer.edit(post, reply)

    async def pin(self, post: PostRef, *, pinned: bool) -> None:
        """Pin an earlier message of ours, or unpin it."""
        await self._weeks.pin(post, pinned=pinned)

    async def find(self, place: Place, key: str) -> PostRef | None:
        """The message written under `key`."""
        return await self._writer.known(place, key)

    async def votes(self, post: PostRef) -> Sequence[Collection[Person]]:
        """Who voted for each answer of a poll of ours."""
        return await self._weeks.votes(post)

    async def keep(self, events: Sequence[Event]) -> None:
        """Keep the server's list of events in step."""
        await self._events.keep(events)

    def address(self, post: PostRef) -> str:
        """Where a browser, or the app, finds the message; empty before we were connected."""
        if not self.connection.logged_in or not post.id.isdecimal():
            return ""
        below = f"/{post.id}" if post.id != post.place.id else ""
        return f"https://discord.com/channels/{self.server.home.guild.id}/{post.place.id}{below}"

    async def close(self) -> None:
        """Take in nothing more, finish the answers in flight, and hang up."""
        for task in self._running[1:]:
            task.cancel()
        await asyncio.gather(*self._running[1:], return_exceptions=True)
        await asyncio.gather(self._listener.close(), self._interactions.close(), self._sync.close())
        await self.connection.close()
        await asyncio.gather(*self._running, return_exceptions=True)

    @property
    def current(self) -> bool:
        """Whether all that was written while we were away is read."""
        return self._listener.missed.current

    async def check(self) -> str:
        """How the connection is; StartError where there is none."""
        if self.connection.final:
            raise StartError(self.connection.final)
        if any(task.done() for task in self._running):
            raise StartError("stopped listening: the log says why")
        if not self.connection.present:
            raise StartError(f"not connected: {self.connection.trouble or 'the first dial is on its way'}")
        if trouble := self._listener.missed.trouble:
            raise StartError(f"connected, but not all that was written meanwhile is read: {trouble}")
        said = f"connected; the gateway last spoke {self.connection.age or 0:.0f} seconds ago"
        return said if self._intents.message_content else f"{said}. {NO_CONTENT}"

    async def prepare(self) -> None:
        """Logged in, not yet connected: find the group's channel; tell Discord our commands, if they changed."""
        flags = self.client.application.flags if self.client.application else discord.ApplicationFlags()
        if not (flags.gateway_message_content or flags.gateway_message_content_limited):
            # The library asks for what this object says at the moment of the first dial.
            self._intents.message_content = False
            log.warning(NO_CONTENT)
        guild = (await self.server.find()).guild
        if not self.client.tree.get_commands(guild=guild):
            commands = self._commands.values()
            ask, complete = self._interactions.asked, self._complete
            plant(self.client.tree, commands, guild=guild, ask=ask, complete=complete)
            watch(self.client, self._interactions.pressed)
        await self._sync.begin(guild)

    def present(self) -> None:
        """Connected, afresh or again."""
        self.connection.arrived()
        self._ready.set()
        self._listener.missed.arrive()

    def away(self) -> None:
        """No longer connected: from now on something may be missed."""
        self.connection.left()
        self._listener.missed.lose()

    def beat(self) -> None:
        """The gateway said something."""
        self.connection.beat()

    async def message(self, message: discord.Message) -> None:
        """Somebody wrote, or changed what they wrote."""
        self._listener.hear(message)

    async def interaction(self, interaction: discord.Interaction) -> None:
        """Something was pressed or sent; a form is ours to hear, the rest comes by the tree and by the items."""
        await submitted(interaction, ask=self._interactions.asked, written=self._written)

    async def _written(self, interaction: discord.Interaction, line: str, text: str, private: bool) -> None:
        asked = following(line, text, self._commands, self._prefix)
        whole = f"{line} {' '.join(text.split())}"
        await self._interactions.pressed(interaction, whole, private, asked)

    async def _listen(self, handler: Handler) -> None:
        await self._ready.wait()
        wait = 2.0
        while True:
            try:
                await self._listener.begin(handler)
            except PlatformError as problem:
                self._report("listening", str(problem))
                await self._clock.sleep(wait)
            else:
                break
        await self._listener.run(handler)

    async def _reached(self) -> discord.Client:
        """The client, logged in; a PlatformError where it is not."""
        if self.connection.final:
            raise Refused(self.connection.final)
        if not self.connection.logged_in:
            raise Retryable("Discord is not reached yet")
        return self.client

    def _reader(self) -> Reader:
        me = self.client.user.id if self.client.user else 0
        return Reader(me=me, home=self._home, prefix=self._prefix, line=self._line)

    def _said(self, asked: Asked) -> str:
        return as_line(asked, self._commands[asked.command], self._prefix)


__all__ = ["Discord", "channel"]
