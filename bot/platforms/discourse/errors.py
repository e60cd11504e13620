"""What a Discourse forum may answer instead of what was asked.

bot.errors.Retryable
├── Busy          too many requests: the forum says so (429), or our own budget does
├── ReadOnly      the forum takes nothing at the moment (503)
└── Unreachable   no answer, or none that can be used
bot.errors.Refused
├── Forbidden     the key, or the rights of its account, do not reach so far (401, 403)
├── Missing       it is not there, or we may not see it (404, 410)
├── Invalid       the forum does not want it as it is (400, 409, 422); `errors` are its own sentences
├── Moved         the forum is at another address than the one we were given
└── TooLarge      a file has more bytes than we read
"""

from bot.errors import PlatformError, Refused, Retryable


class DiscourseError(PlatformError):
    """All of the above. `ambiguous`: what was asked may have been done nevertheless, now or in an earlier try."""

    ambiguous: bool = False


class Busy(DiscourseError, Retryable):
    """Too many requests: wait for `after` seconds."""


class ReadOnly(DiscourseError, Retryable):
    """The forum takes nothing at the moment."""


class Unreachable(DiscourseError, Retryable):
    """No answer, or none that can be used."""


class Forbidden(DiscourseError, Refused):
    """The key, or the rights of its account, do not reach so far."""


class Missing(DiscourseError, Refused):
    """It is not there, or we may not see it."""


class Invalid(DiscourseError, Refused):
    """The forum does not want it as it is.

    `errors` are its sentences in its own language: show them to an admin, do not compare them.
    """

    def __init__(self, reason: str, *, status: int, errors: tuple[str, ...] = ()) -> None:
        self.status, self.errors = status, errors
        super().__init__(reason)


class Moved(DiscourseError, Refused):
    """The forum is at another address than the one we were given."""


class TooLarge(DiscourseError, Refused):
    """A file has more bytes than we read."""
