"""A gateway session: the events that a client is owed, whether or not it is connected."""

import asyncio
import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime

from tests.fakes.discord.values import JSON

GUILDS, MEMBERS = 1 << 0, 1 << 1
GUILD_PRESENCES, GUILD_MESSAGES = 1 << 8, 1 << 9
GUILD_TYPING = 1 << 11
DIRECT_MESSAGES, DIRECT_TYPING = 1 << 12, 1 << 14
MESSAGE_CONTENT = 1 << 15
SCHEDULED_EVENTS = 1 << 16
GUILD_POLLS, DIRECT_POLLS = 1 << 24, 1 << 25
PRIVILEGED = {MEMBERS: 1 << 14 | 1 << 15, GUILD_PRESENCES: 1 << 12 | 1 << 13, MESSAGE_CONTENT: 1 << 18 | 1 << 19}
"""Which flags of the application (granted, or granted in a small one) each privileged intent needs."""


@dataclass(kw_only=True, eq=False)
class Session:
    """What a client identified as, and what it was sent; `sent[n]` has the sequence number n + 1."""

    intents: int
    began_at: datetime
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    sent: list[str] = field(default_factory=list[str])
    names: list[str] = field(default_factory=list[str])
    stir: asyncio.Event = field(default_factory=asyncio.Event)
    dead: bool = False

    def owe(self, name: str, data: JSON) -> None:
        """Put an event into the queue."""
        number = len(self.sent) + 1
        self.sent.append(json.dumps({"op": 0, "t": name, "s": number, "d": data}, ensure_ascii=False))
        self.names.append(name)
        self.stir.set()

    def wants(self, intent: int) -> bool:
        """Whether it asked for events of that kind; 0 is what everybody gets."""
        return not intent or bool(self.intents & intent)


def refused_intents(intents: int, flags: int) -> int:
    """Those of the intents that the application has not been granted."""
    return sum(intent for intent, granted in PRIVILEGED.items() if intents & intent and not flags & granted)
