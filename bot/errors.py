"""What can go wrong in the bot: theirs and ours.

UserError         what a person asked for cannot be: shown to them as it is
StartError        the bot cannot start as it is set up: one line for whoever runs it
└── Unseen            a check was not made, for another one says already what has to change
PlatformError     a platform did not do what we asked: ours, logged
├── Retryable     trying again may help (`after`: seconds the platform asked us to wait)
└── Refused       trying again cannot help: an admin has to know
    └── Unsendable    it would take another post, but never this one
"""

from collections.abc import Sequence

from bot.values import Choice


class UserError(Exception):
    """A sentence for the person who asked: what was wrong, and what would be right.

    `text` is CommonMark like a Reply's; `choices` are the commands they may have meant.
    """

    def __init__(self, text: str, choices: Sequence[Choice] = ()) -> None:
        self.text, self.choices = text, tuple(choices)
        super().__init__(text)


class StartError(Exception):
    """The bot cannot start as it is set up; says in one line what to change."""


class Unseen(StartError):
    """A check was not made, for another one says already what has to change."""


class PlatformError(Exception):
    """A platform did not do what we asked."""


class Retryable(PlatformError):
    """Trying again may help."""

    def __init__(self, reason: str, *, after: float | None = None) -> None:
        self.after = after
        super().__init__(reason)


class Refused(PlatformError):
    """Trying again cannot help: an admin has to know."""


class Unsendable(Refused):
    """The platform will never take this one post: it is too long, or its thread is closed. Others it would."""
