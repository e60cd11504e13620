"""Who may do what where: bits, roles and overwrites, computed as Discord documents it."""

from dataclasses import dataclass

from tests.fakes.discord.values import Channel, Guild, Role, User

CREATE_INVITE = 1 << 0
ADMINISTRATOR = 1 << 3
MANAGE_CHANNELS = 1 << 4
MANAGE_GUILD = 1 << 5
ADD_REACTIONS = 1 << 6
VIEW_CHANNEL = 1 << 10
SEND_MESSAGES = 1 << 11
MANAGE_MESSAGES = 1 << 13
EMBED_LINKS = 1 << 14
ATTACH_FILES = 1 << 15
READ_MESSAGE_HISTORY = 1 << 16
MENTION_EVERYONE = 1 << 17
USE_APPLICATION_COMMANDS = 1 << 31
MANAGE_EVENTS = 1 << 33
MANAGE_THREADS = 1 << 34
CREATE_PUBLIC_THREADS = 1 << 35
SEND_MESSAGES_IN_THREADS = 1 << 38
CREATE_EVENTS = 1 << 44
SEND_POLLS = 1 << 49
PIN_MESSAGES = 1 << 51

ALL = (1 << 53) - 1

EVERYONE = (
    CREATE_INVITE
    | ADD_REACTIONS
    | VIEW_CHANNEL
    | SEND_MESSAGES
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | MENTION_EVERYONE
    | USE_APPLICATION_COMMANDS
    | CREATE_PUBLIC_THREADS
    | SEND_MESSAGES_IN_THREADS
    | SEND_POLLS
)
"""What a new guild lets everybody do; that includes pinging everybody."""

BOT = (
    VIEW_CHANNEL
    | SEND_MESSAGES
    | SEND_MESSAGES_IN_THREADS
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | CREATE_PUBLIC_THREADS
    | MANAGE_THREADS
    | CREATE_EVENTS
    | PIN_MESSAGES
    | SEND_POLLS
)
"""What the invitation of the bot asked for."""


@dataclass(frozen=True, kw_only=True)
class Rights:
    """What a user may do in a channel, or in the guild."""

    bits: int

    def may(self, permission: int) -> bool:
        """Whether all these bits are there."""
        return self.bits & permission == permission


def in_guild(guild: Guild, user: User) -> int:
    """A member's bits before any channel has its say."""
    if user is guild.owner:
        return ALL
    bits = guild.everyone.permissions
    for role in user.roles:
        bits |= role.permissions
    return ALL if bits & ADMINISTRATOR else bits


def in_channel(guild: Guild, user: User, channel: Channel) -> Rights:
    """A member's rights in a channel; a thread has those of its parent."""
    if channel.recipient is not None:
        here = user.bot or user is channel.recipient
        return Rights(bits=ALL if here else 0)
    bits = in_guild(guild, user) if user.member else 0
    if bits == ALL:
        return Rights(bits=ALL)
    bits = _overwritten(bits, user, guild.everyone, channel.parent or channel)
    if not bits & VIEW_CHANNEL:
        return Rights(bits=0)
    sending = SEND_MESSAGES_IN_THREADS if channel.is_thread else SEND_MESSAGES
    if not bits & sending:
        bits &= ~(MENTION_EVERYONE | ATTACH_FILES | EMBED_LINKS | SEND_POLLS)
    return Rights(bits=bits)


def _overwritten(bits: int, user: User, everyone: Role, channel: Channel) -> int:
    """Everyone's overwrite, then those of the roles together, then the member's own."""
    for targets in ([everyone.id], [role.id for role in user.roles], [user.id]):
        mine = [each for each in channel.overwrites.values() if each.target in targets]
        for each in mine:
            bits &= ~each.deny
        for each in mine:
            bits |= each.allow
    return bits
