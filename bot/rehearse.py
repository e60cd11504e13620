"""The whole plan as it will be posted, without posting: for a host to read before anybody else does."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from textwrap import indent

from bot.messages import message
from bot.programme import Programme
from bot.render import plain
from scheduler.zones import utc

MOST_WEEKS = 520
"""Ten years: more is a slip of the hand."""
THREAD = "the week's thread"


@dataclass(frozen=True, kw_only=True)
class Rehearsed:
    """One post, as it would be read."""

    at: str
    """When, in UTC: `2026-11-25T09:30:00Z`."""
    local: str
    """The same by the group's clocks: `2026-11-25T20:30:00+11:00`."""
    kind: str
    place: str
    title: str
    text: str

    def as_json(self) -> dict[str, str]:
        """As `rehearse --json` prints it."""
        return asdict(self)


def rehearse(
    programme: Programme, start: datetime, weeks: int, *, places: Sequence[str] = (THREAD,), prefix: str = "!"
) -> list[Rehearsed]:
    """Everything that would be posted from that moment on, in order; `places` are where, by their names."""
    start = utc(start)
    until = start + timedelta(weeks=min(max(weeks, 0), MOST_WEEKS))
    found: list[Rehearsed] = []
    # From the start on, and not what belongs to the weeks after.
    for due in programme.upcoming(start - timedelta.resolution, until - timedelta.resolution):
        said = message(programme, due, prefix=prefix)
        local = due.at.astimezone(programme.series.clocks)
        found += [
            Rehearsed(
                at=f"{due.at:%Y-%m-%dT%H:%M:%SZ}",
                local=local.isoformat(timespec="seconds"),
                kind=due.kind,
                place=place,
                title=said.title,
                text=plain(said.reply),
            )
            for place in places
        ]
    return found


def readable(programme: Programme, posts: Iterable[Rehearsed]) -> str:
    """The rehearsal as text: a line for when, where and what, and the post below it."""
    parts = [_readable(each) for each in posts]
    if not parts:
        return "Nothing would be posted in that time."
    return "\n\n".join([f"{programme.group}, by the clocks of {programme.series.zone}", *parts])


def _readable(post: Rehearsed) -> str:
    local = datetime.fromisoformat(post.local)
    when = f"{local:%a} {local.day} {local:%b %Y, %H:%M} ({post.at[:16]}Z)"
    return f"{when} · {post.kind} · {post.place}\n{post.title}\n\n{indent(post.text, '    ')}"
