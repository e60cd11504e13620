"""The whole plan as it will be posted, without posting: for a host to read before anybody else does."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from textwrap import indent

from bot.messages import message
from bot.programme import QUESTIONNAIRE, QUESTIONS, Programme
from bot.render import plain
from scheduler.zones import utc

MOST_WEEKS = 520
"""Ten years: more is a slip of the hand."""
THREAD = "the week's thread"
ASKED = "(Here stands a question from those you have imported, on what you have read by then; without one,"
"""What a rehearsal shows in the place of a question: which it is, is decided when it is asked."""


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
                text=plain(said.reply) + _asked(programme, due.kind),
            )
            for place in places
        ]
    return found


def readable(
    programme: Programme, posts: Iterable[Rehearsed], *, start: datetime | None = None, changes: Sequence[str] = ()
) -> str:
    """The rehearsal as text: a line for when, where and what, and the post below it.

    Before that, what admins changed; where nothing is posted from `start` on, why.
    """
    head = [f"{programme.group}, by the clocks of {programme.series.zone}"]
    head += ["\n".join(["With what admins changed:", *(f"- {each}" for each in changes)])] if changes else []
    parts = [_readable(each) for each in posts]
    if not parts:
        why = f" {_why(programme, start)}" if start else ""
        return "\n\n".join([*head[1:], f"Nothing would be posted in that time.{why}"])
    return "\n\n".join([*head, *parts])


def _why(programme: Programme, start: datetime) -> str:
    """Why nothing is posted from a moment on, for a while at least."""
    following = programme.next(start)
    if following is not None:
        return f"The next session is on {_day(following.local)}."
    if programme.paused:
        return f"The programme pauses from {programme.paused:%a} {programme.paused} on."
    *_, last = [None, *programme.sessions()]
    return f"The last session of the plan is on {_day(last.local)}." if last else "No session is planned."


def _day(local: datetime) -> str:
    return f"{local:%a %Y-%m-%d at %H:%M}"


def _asked(programme: Programme, kind: str) -> str:
    if kind not in QUESTIONS or "{prompt}" not in programme.wording[kind].text:
        return ""
    return f"\n\n{ASKED} " + ("the post ends here.)" if kind == QUESTIONNAIRE else "there is no post.)")


def _readable(post: Rehearsed) -> str:
    local = datetime.fromisoformat(post.local)
    when = f"{local:%a} {local.day} {local:%b %Y, %H:%M} ({post.at[:16]}Z)"
    return f"{when} · {post.kind} · {post.place}\n{post.title}\n\n{indent(post.text, '    ')}"
