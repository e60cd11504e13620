"""Everything a fake Discord knows. It outlives every server that shows it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tests.fakes.clock import RealClock
from tests.fakes.discord import permissions
from tests.fakes.discord.faults import Fault
from tests.fakes.discord.permissions import Rights
from tests.fakes.discord.sessions import Session
from tests.fakes.discord.values import (
    DM,
    JSON,
    Attachment,
    Channel,
    Connection,
    Event,
    Guild,
    Interaction,
    Message,
    Problem,
    Role,
    Seen,
    User,
)

EPOCH = datetime(2015, 1, 1, tzinfo=UTC)
LONG_AGO = timedelta(days=400)
MESSAGE_CONTENT = 1 << 18
MEMBERS = 1 << 14
PRESENCES = 1 << 12
MEGABYTE = 2**20


@dataclass(kw_only=True)
class Limits:
    """What is limited. Rates are generous, so that tests are quick; `strict` has Discord's own."""

    strict: bool = False
    per_second: int = 10_000
    per_route: int = 10_000
    window: float = 1.0
    identifies: int = 1000
    gateway_messages: int = 120
    acknowledge: timedelta = timedelta(seconds=3)
    token: timedelta = timedelta(minutes=15)
    nonce: timedelta = timedelta(minutes=5)
    file: int = 10 * MEGABYTE
    request: int = 25 * MEGABYTE
    heartbeat: float = 41.25
    creates_a_day: int = 200
    events: int = 100

    def __post_init__(self) -> None:
        if self.strict:
            self.per_second, self.per_route, self.window = 50, 5, 5.0


@dataclass(kw_only=True)
class Tables:
    """The records, by their ids."""

    users: dict[int, User] = field(default_factory=dict[int, User])
    roles: dict[int, Role] = field(default_factory=dict[int, Role])
    channels: dict[int, Channel] = field(default_factory=dict[int, Channel])
    messages: dict[int, Message] = field(default_factory=dict[int, Message])
    events: dict[int, Event] = field(default_factory=dict[int, Event])
    interactions: dict[int, Interaction] = field(default_factory=dict[int, Interaction])
    uploads: list[Attachment] = field(default_factory=list[Attachment])
    """What was attached to slash commands."""


REAL_TIME = RealClock().now


class State:
    """The tables, who is connected, and what was counted for the limits. All times are `now`'s."""

    def __init__(self, *, now: Callable[[], datetime] = REAL_TIME, limits: Limits | None = None) -> None:
        self.now = now
        self.limits = limits or Limits()
        self.tables = Tables()
        self._last_id = 0
        self.token = "a-token-for-tests"  # noqa: S105 nothing is behind it
        self.application_flags = MESSAGE_CONTENT | MEMBERS | PRESENCES
        self.commands: dict[str, list[JSON]] = {}
        self.faults: list[Fault] = []
        self.requests: list[Seen] = []
        self.connections: list[Connection] = []
        self.identified: list[datetime] = []
        self.sessions: dict[str, Session] = {}
        self.typing: list[tuple[datetime, Channel]] = []
        self.created: list[tuple[datetime, str]] = []
        self.moments: dict[str, list[datetime]] = {}
        self.blocked_until: datetime | None = None
        self.url = "http://discord.example"
        self.gateway = "ws://discord.example/gw"
        self.owner = self.add_user("owner")
        self.guild = self._found_guild()
        self.bot = self.add_user("studybot", bot=True)
        self.application_id = self.bot.id

    def _found_guild(self) -> Guild:
        number = self.next_id()
        everyone = Role(id=number, name="@everyone", permissions=permissions.EVERYONE, position=0)
        self.tables.roles[number] = everyone
        return Guild(id=number, name="Reading Group", owner=self.owner, everyone=everyone)

    def follow(self, now: Callable[[], datetime]) -> None:
        """Go by another clock from now on, even one that is behind: the ids go by it, too."""
        self.now, self._last_id = now, 0

    def next_id(self) -> int:
        """A snowflake: it rises, and says when it was made."""
        milliseconds = int((self.now() - EPOCH) / timedelta(milliseconds=1))
        self._last_id = max(self._last_id + 1, milliseconds << 22)
        return self._last_id

    def add_user(self, name: str, *, bot: bool = False) -> User:
        """Somebody new."""
        user = User(id=self.next_id(), name=name, bot=bot, joined_at=self.now() - LONG_AGO)
        self.tables.users[user.id] = user
        return user

    def direct(self, who: User) -> Channel:
        """The one direct conversation of the bot with somebody."""
        for each in self.tables.channels.values():
            if each.recipient is who:
                return each
        made = Channel(id=self.next_id(), name="", kind=DM, created_at=self.now(), recipient=who)
        self.tables.channels[made.id] = made
        return made

    def rights(self, user: User, channel: Channel) -> Rights:
        """What a user may do in a channel."""
        return permissions.in_channel(self.guild, user, channel)

    def channel_by(self, number: int) -> Channel:
        """The channel or thread with that id."""
        if number not in self.tables.channels:
            raise Problem(404, 10003, "Unknown Channel")
        return self.tables.channels[number]

    def message_by(self, channel: Channel, number: int) -> Message:
        """A channel's message; deleted ones are unknown, and so are those that only one person sees."""
        message = self.tables.messages.get(number)
        if message is None or message.deleted or message.channel is not channel or message.ephemeral:
            raise Problem(404, 10008, "Unknown Message")
        return message

    def all_messages(self, channel: Channel) -> list[Message]:
        """A channel's messages as readers see them, oldest first."""
        found = [
            each
            for each in self.tables.messages.values()
            if each.channel is channel and not each.deleted and not each.ephemeral
        ]
        return sorted(found, key=lambda each: each.id)

    def all_threads(self, parent: Channel | None = None) -> list[Channel]:
        """All threads, or those of one channel, oldest first."""
        return [
            each
            for each in self.tables.channels.values()
            if each.is_thread and (parent is None or each.parent is parent)
        ]

    def drop_channel(self, which: Channel) -> None:
        """Delete a channel, and the threads that hang on it."""
        for each in [which, *self.all_threads(which)]:
            del self.tables.channels[each.id]
            for message in self.all_messages(each):
                message.deleted = True
