"""Polls: `[poll]` blocks of a post, their votes, and who sees the results."""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.fakes.discourse.state import State
from tests.fakes.discourse.texts import CODE, QUOTED
from tests.fakes.discourse.values import Poll, Post, Problem, User

BLOCK = re.compile(r"^\[poll(?P<options>[^\]]*)\]\s*$(?P<body>.*?)^\[/poll\]", re.DOTALL | re.MULTILINE)
OPTION = re.compile(r"(\w+)=(?:\"([^\"]*)\"|(\S+))")
ITEM = re.compile(r"^\s*[*-]\s+(.+?)\s*$", re.MULTILINE)
TITLE = re.compile(r"^# (.+)$", re.MULTILINE)


def read(state: State, user: User, raw: str) -> dict[str, Poll]:
    """The polls of a text, by name; raises the 422 of a poll that cannot be."""
    blocks = list(BLOCK.finditer(CODE.sub("", QUOTED.sub("", raw)))) if state.settings["poll_enabled"] else []
    if blocks and user.trust < 1 and not user.staff:
        raise _wrong("You are not allowed to create polls.")
    polls: dict[str, Poll] = {}
    for block in blocks:
        poll = _poll(state, block)
        if poll.name in polls:
            raise _wrong(f"There are multiple polls with the same name: {poll.name}.")
        polls[poll.name] = poll
    return polls


def _poll(state: State, block: re.Match[str]) -> Poll:
    given = {name: quoted or plain for name, quoted, plain in OPTION.findall(block["options"])}
    kind = given.get("type", "regular")
    texts = ITEM.findall(block["body"])
    if kind == "number":
        first, last, step = (
            int(given.get(name, default)) for name, default in (("min", 1), ("max", 10), ("step", 1))
        )
        texts = [str(number) for number in range(first, last + 1, max(step, 1))]
    name = given.get("name", "poll")
    if not texts or (kind != "number" and len(texts) > state.settings["poll_maximum_options"]):
        raise _wrong(f"Poll {name} must have from 1 to {state.settings['poll_maximum_options']} options.")
    if len(set(texts)) < len(texts):
        raise _wrong(f"Poll {name} must have different options.")
    low, high = int(given.get("min", 1)), int(given.get("max", len(texts)))
    if kind == "multiple" and not 0 <= low < len(texts) >= high >= low:
        raise _wrong(f"Poll {name} with multiple choice has invalid options.")
    heading = TITLE.search(block["body"])
    return Poll(
        name=name,
        kind=kind,
        results=given.get("results", "always"),
        options={hashlib.md5(text.encode(), usedforsecurity=False).hexdigest(): text for text in texts},
        title=heading[1].strip() if heading else "",
        low=low if kind == "multiple" else 1,
        high=high if kind == "multiple" else 1,
        closes_at=_instant(given["close"]) if "close" in given else None,
        public=given.get("public") == "true",
    )


def _instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise _wrong("The poll closes at no date.") from None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def change(state: State, post: Post, polls: dict[str, Poll]) -> None:
    """Give an edited post its polls: the same ones keep their votes, others cost them, or are refused."""
    if {name: _made(poll) for name, poll in polls.items()} == {
        name: _made(poll) for name, poll in post.polls.items()
    }:
        return
    window = timedelta(minutes=state.settings["poll_edit_window_mins"])
    if any(poll.votes for poll in post.polls.values()) and state.now() >= post.created_at + window:
        raise _wrong("You cannot change a poll that has votes after the first few minutes.")
    post.polls = polls


def _made(poll: Poll) -> tuple[object, ...]:
    return poll.kind, poll.results, poll.options, poll.low, poll.high, poll.closes_at, poll.public


def vote(state: State, user: User, post: Post, name: str, options: list[str]) -> Poll:
    """Somebody's vote, in the place of their last one."""
    poll = find(post, name)
    if closed(state, poll):
        raise _wrong("Poll is closed to votes.")
    if post.topic.archived:
        raise _wrong("This topic must not be archived.")
    chosen = [option for option in options if option in poll.options]
    if not chosen or not poll.low <= len(chosen) <= poll.high:
        raise _wrong("Requested option or number of options is invalid for this poll.")
    poll.votes[user.id] = chosen
    state.bus.publish(f"/polls/{post.topic.id}", {"post_id": post.id, "polls": shown(state, post, None)})
    return poll


def toggle(state: State, user: User, post: Post, name: str, status: str) -> Poll:
    """Close or open a poll, by its author or staff."""
    poll = find(post, name)
    if not (user.staff or post.user is user):
        raise _wrong("You're not allowed to toggle the poll's status.")
    poll.closed = status == "closed"
    return poll


def find(post: Post, name: str) -> Poll:
    """The post's poll of that name."""
    if name not in post.polls:
        raise _wrong(f"No poll named {name} is associated with this post.")
    return post.polls[name]


def closed(state: State, poll: Poll) -> bool:
    """Whether nobody can vote any more."""
    return poll.closed or (poll.closes_at is not None and state.now() >= poll.closes_at)


def open_results(state: State, post: Post, poll: Poll, user: User | None) -> bool:
    """Whether somebody sees how the others voted."""
    if poll.results == "staff_only":
        return bool(user and user.staff)
    voted = user is not None and (user.id in poll.votes or user is post.user)
    return poll.results == "always" or closed(state, poll) or (poll.results == "on_vote" and voted)


def shown(state: State, post: Post, user: User | None) -> list[dict[str, Any]]:
    """The post's polls as JSON."""
    return [one(state, post, poll, user) for poll in post.polls.values()]


def one(state: State, post: Post, poll: Poll, user: User | None) -> dict[str, Any]:
    """A poll as JSON; counts only for who may see them."""
    counted = open_results(state, post, poll, user)
    options: list[dict[str, Any]] = [
        {"id": key, "html": text, **({"votes": _count(poll, key)} if counted else {})}
        for key, text in poll.options.items()
    ]
    return {
        "name": poll.name,
        "type": poll.kind,
        "status": "closed" if closed(state, poll) else "open",
        "results": poll.results,
        "public": poll.public,
        "options": options,
        "voters": len(poll.votes),
        "title": poll.title or None,
        "chart_type": "bar",
        "min": poll.low,
        "max": poll.high,
        **({"close": poll.closes_at.isoformat()} if poll.closes_at else {}),
    }


def _count(poll: Poll, option: str) -> int:
    return sum(option in chosen for chosen in poll.votes.values())


def _wrong(text: str) -> Problem:
    return Problem(422, text)
