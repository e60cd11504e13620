"""A wake-up: something happened, so look. What it says is never relied upon; the forum's API is asked."""

from dataclasses import dataclass

GAP = "gap"
"""Messages of the channel were missed, or not meant for us: look at everything."""
RESET = "reset"
"""The channel's count began anew, as after a restore of the forum: look at everything."""
HIDDEN = "hidden"
"""Something was said on the channel that we may not hear."""


@dataclass(frozen=True, kw_only=True)
class Wake:
    """What is known of it. `kind` is the forum's own word ("created", "latest", …), or one of those above."""

    channel: str
    kind: str
    topic_id: int | None = None
    post_id: int | None = None
    version: int | None = None
