"""What can go wrong in the scheduler.

ValueError
├── SeriesError       dates, a time or a zone that make no series: its text is a sentence for the host
│   └── UnknownZone   no zone of that name (`near`: the names it may have been meant for)
└── PlanError         messages that cannot be planned as asked: a sentence as well

DeliveryError         what a sender raises; `str(error)` is kept with the row
├── Retryable         it may have been sent; trying again may help (`after`: seconds the place asks us to wait)
├── Refused           the place wants nothing from us (401, 403, 404): it is stopped until an admin resumes it
├── Unsendable        the place would take another post, but never this one: a dead letter
└── Moot              there is nothing to say after all: it is dropped, with the reason
"""

from collections.abc import Sequence


class SeriesError(ValueError):
    """A series that cannot be; `str(error)` says what was wrong and what would be right."""


class UnknownZone(SeriesError):
    """No zone has that name."""

    def __init__(self, name: str, why: str, near: Sequence[str]) -> None:
        self.name, self.near = name, tuple(near)
        shown = name if len(name) <= 40 else f"{name[:40]}…"
        super().__init__(f"{shown!r} {why}. Use the name of a place, such as {' or '.join(near)}.")


class PlanError(ValueError):
    """A plan of messages that cannot be; `str(error)` says what was wrong and what would be right."""


class DeliveryError(Exception):
    """A message was not delivered, as far as its sender knows."""


class Retryable(DeliveryError):
    """Trying again may help. With `after`, the place asked us to wait so long, and that was no attempt."""

    def __init__(self, reason: str, *, after: float | None = None) -> None:
        self.after = after
        super().__init__(reason)


class Refused(DeliveryError):
    """The place wants nothing from us: an admin has to look."""


class Unsendable(DeliveryError):
    """The place will never take this one."""


class Moot(DeliveryError):
    """There is nothing to say after all."""
