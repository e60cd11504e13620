"""What the week says: turns something due into a title and a Reply, in the programme's words.

What the group has gathered comes in as a plain value; times are moments, which each platform shows by its readers'
own clocks. Said late, a reminder counts what is really left: `now` is when it is said.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.asking import offers, ticks, to_all
from bot.programme import OPENING, PROPOSAL, Meeting, Programme
from bot.programme.wording import fill
from bot.questionnaire import Item
from bot.values import Choice, Reply, clean, code, escape, moment, plural
from scheduler.due import Due
from scheduler.series import Occurrence

MOST_TITLE = 100
"""Characters: as many as a Discord thread's name may have."""
MOST_ITEMS = 25
"""Of a list in a message; what is more is counted."""

_WEB = re.compile(r"https?://[^/]", re.I)

Link = tuple[str, str, str]
"""Address, note and author of a link or of a blog post."""
Question = tuple[int, str, str]
"""Number, text and author of a question."""


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """What the group has left in its notebook, as far as a message may want it. All texts are plain."""

    links: tuple[Link, ...] = ()
    """Of the week."""
    blogs: tuple[Link, ...] = ()
    """Blog posts since the last thread was opened."""
    open_questions: tuple[Question, ...] = ()
    homework: tuple[str, ...] = ()
    """What is to be done, if it is not what the programme says."""
    homework_done: int = 0
    """How many people have done all of it."""
    previous: str = ""
    """The address of last week's thread."""
    chosen: datetime | None = None
    """When the catch-up is, by the vote."""
    votes: int = 0
    """For that time."""
    item: Item | None = None
    """A question for everybody."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """A post with its title; only a new thread shows the title, elsewhere it is for lists."""

    title: str
    reply: Reply


def message(
    programme: Programme,
    due: Due,
    gathered: Gathered | None = None,
    *,
    now: datetime | None = None,
    prefix: str = "!",
) -> Message:
    """What to post for something due."""
    gathered = gathered or Gathered()
    session = due.occurrence
    template = programme.wording[due.kind]
    plain = _words(programme, session, now or due.at, prefix)
    slots = programme.catchups(session) if due.kind == PROPOSAL else ()
    vote = programme.vote(session) if slots else None
    blocks = {
        **{name: escape(text) for name, text in plain.items()},
        "prefix": prefix,
        "start": moment(session.starts, programme.series.zone),
        **_meeting_blocks(programme, due, gathered, prefix),
        **_gathered_blocks(gathered, prefix, opening=due.kind == OPENING, first=session.number == 1),
        "slots": _proposal(programme, session, slots, prefix),
        "chosen": _chosen(programme, gathered),
        "prompt": to_all(prefix, gathered.item) if gathered.item else "",
    }
    title = fill(template.title, plain)
    if len(title) > MOST_TITLE:
        title = f"{title[: MOST_TITLE - 1].rstrip()}…"
    choices = tuple(
        Choice(label=_slot(at, programme), command=f"{prefix}catchup {number}")
        for number, at in enumerate(slots, 1)
    )
    poll: tuple[str, ...] = ()
    if gathered.item and "{prompt}" in template.text:
        choices, poll = offers(prefix, gathered.item), ticks(gathered.item)
    return Message(
        title=title,
        reply=Reply(text=fill(template.text, blocks), choices=choices, vote=vote and vote.at, poll=poll),
    )


def left(span: timedelta) -> str:
    """How people say a span of time: `a week`, `3 days`, `24 hours`, `10 minutes`."""
    minutes = round(span / timedelta(minutes=1))
    # A week has an hour less or more where the clocks change in between.
    hours, days = round(minutes / 60), round(minutes / (24 * 60))
    if days == 7:
        return "a week"
    if days >= 2:
        return plural(days, "day")
    return plural(hours, "hour") if hours >= 2 or minutes == 60 else plural(max(minutes, 0), "minute")


def _words(programme: Programme, session: Occurrence, now: datetime, prefix: str) -> dict[str, str]:
    meeting = programme.meeting(session)
    minutes = programme.length // timedelta(minutes=1)
    return {
        "group": programme.group,
        "host": programme.host,
        "guest": meeting.guest,
        "week": str(session.number),
        "title": meeting.title,
        "lead": left(session.starts - now),
        "length": plural(minutes // 60, "hour") if minutes % 60 == 0 else plural(minutes, "minute"),
        "prefix": prefix,
    }


def _meeting_blocks(programme: Programme, due: Due, gathered: Gathered, prefix: str) -> dict[str, str]:
    session = due.occurrence
    meeting = programme.meeting(session)
    following = programme.next(session.starts)
    previous = f"What happened last week is in [its thread]({_address(gathered.previous)})."
    return {
        "clocks": _clocks(programme, session),
        "people": _people(programme.host, meeting.guest),
        "note": meeting.note,
        "previous": previous if gathered.previous else "",
        "agenda": _numbered(_agenda(programme, meeting, following, gathered)),
        "reading": _block("### To read before we meet", _listed(meeting.reading)),
        "homework": _homework(programme, session, gathered, prefix, after=due.kind == "leftovers"),
        "quiz": _quiz(meeting),
        "next": _next(programme, following),
    }


def _clocks(programme: Programme, session: Occurrence) -> str:
    """In the week of a switch the session moves by other people's clocks: better said before they are late."""
    last = programme.before(session)
    then, now = last and last.local.utcoffset(), session.local.utcoffset()
    if then is None or now is None or then == now:
        return ""
    change = left(abs(now - then)).replace("1 hour", "an hour")
    turned, effect = ("forward", "earlier") if now > then else ("back", "later")
    return (
        f"Mind the clocks: between last time and this session those of {escape(programme.series.zone)} go "
        f"{turned} by {change}. Where yours do not, we start {change} {effect} than you are used to."
    )


def _people(host: str, guest: str) -> str:
    hosts = (
        f"With you: {escape(host)}, and **{escape(guest)}** as our guest." if guest else f"{escape(host)} hosts."
    )
    return hosts if host else f"Our guest is **{escape(guest)}**." if guest else ""


def _agenda(
    programme: Programme, meeting: Meeting, following: Occurrence | None, gathered: Gathered
) -> Iterator[str]:
    if gathered.open_questions:
        yield f"What is still open: {plural(len(gathered.open_questions), 'question')}"
    yield escape(meeting.title)
    if meeting.guest and meeting.guest not in meeting.title:
        yield f"Our guest: {escape(meeting.guest)}"
    yield "Your questions, from this thread and on the spot"
    if following:
        yield f"What comes next: {escape(programme.meeting(following).title)}"
    else:
        yield "Looking back, and what we do next"


def _homework(programme: Programme, session: Occurrence, gathered: Gathered, prefix: str, *, after: bool) -> str:
    """Before a session, what the one before it gave to do; after it, what is to be done until the next."""
    given = programme.meeting(session).homework if after else programme.homework(session)
    items = _numbered(gathered.homework or given)
    if not items:
        return ""
    if after:
        more = programme.next(session.starts)
        return _block("### Homework until next time" if more else "### To take home", items)
    people = "1 person has" if gathered.homework_done == 1 else f"{gathered.homework_done} people have"
    done = f" {people} done all of it already." if gathered.homework_done else ""
    return _block(
        "### Homework from last time", f"{items}\n\n{code(f'{prefix}done 1')} ticks off the first.{done}"
    )


def _quiz(meeting: Meeting) -> str:
    chapters = meeting.finished or meeting.chapters
    *most, last = [f"chapter {number}" for number in chapters] or ["this week"]
    if most:
        return f"the questionnaires of {', '.join(most)} and {last}"
    return f"the questionnaire of {last}"


def _next(programme: Programme, following: Occurrence | None) -> str:
    if following is None:
        ended = bool(programme.meetings) and programme.paused is None
        return "That was the last session of the plan. It was good to read with you." if ended else ""
    about = escape(programme.meeting(following).title)
    return f"Next time: **{about}**, {moment(following.starts, programme.series.zone)}."


def _gathered_blocks(gathered: Gathered, prefix: str, *, opening: bool, first: bool) -> dict[str, str]:
    questions = [
        f"\\#{number} {escape(text)} · {escape(author)}" for number, text, author in gathered.open_questions
    ]
    no_blogs = "None that I have seen. If you wrote one, post its address here: it joins the list."
    no_links = f"None yet: {code(f'{prefix}link')}, an address and a few words add the first."
    return {
        "links": _block("**Links from this week**", _links(gathered.links) or (no_links if opening else "")),
        "blogs": _block(
            "**Blog posts from last week**", _links(gathered.blogs) or (no_blogs if opening and not first else "")
        ),
        "questions": _block("**Still open**" if opening else "### Still open", _listed(questions)),
    }


def _proposal(programme: Programme, session: Occurrence, slots: Sequence[datetime], prefix: str) -> str:
    vote = programme.vote(session) if slots else None
    if vote is None:
        return "When would you have an hour? Say so here."
    times = _numbered(moment(at, programme.series.zone) for at in slots)
    first = code(f"{prefix}catchup 1")
    return (
        f"When would you have an hour?\n\n{times}\n\n{first} votes for the first, and so on. The most votes win; "
        f"they count until {moment(vote.at, programme.series.zone)}."
    )


def _chosen(programme: Programme, gathered: Gathered) -> str:
    if gathered.chosen is None:
        return "Nobody has voted, so there is no catch-up this time. Meet all the same, if you like: say so here."
    people = "one of you" if gathered.votes == 1 else f"{gathered.votes} of you"
    return f"We catch up on {moment(gathered.chosen, programme.series.zone)}: that suits {people}. See you there!"


def _slot(at: datetime, programme: Programme) -> str:
    """`Sat 5 Dec, 17:00 (Australia/Sydney)`: what is chosen from is plain text."""
    local = at.astimezone(programme.series.clocks)
    return f"{local:%a} {local.day} {local:%b, %H:%M} ({programme.series.zone})"


def _links(links: Iterable[Link]) -> str:
    return _listed([_link(*each) for each in links])


def _link(url: str, note: str, author: str) -> str:
    address, by = _address(url), f" · {escape(author)}" if author else ""
    if not address:
        return f"{escape(note)} {code(url[:100])}{by}".strip()
    return (f"[{escape(note)}]({address})" if note.strip() else address) + by


def _address(url: str) -> str:
    """`<https://…>`, which nothing in the address can leave; empty for anything but the web."""
    safe = "".join(f"%{ord(sign):02X}" if sign in '<>\\ "' else sign for sign in "".join(clean(url).split()))
    return f"<{safe}>" if _WEB.match(safe) else ""


def _block(heading: str, body: str) -> str:
    return f"{heading}\n\n{body}" if body else ""


def _listed(items: Sequence[str]) -> str:
    more = len(items) - MOST_ITEMS
    shown = [*items[:MOST_ITEMS], *([f"and {more:,} more"] if more > 0 else [])]
    return "\n".join(f"- {item}" for item in shown)


def _numbered(items: Iterable[str]) -> str:
    return "\n".join(f"{number}. {item}" for number, item in enumerate(items, 1))
