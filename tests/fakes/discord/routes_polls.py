"""Polls: ended early, and who voted."""

from tests.fakes.discord import polls, shapes
from tests.fakes.discord.routes_messages import shown
from tests.fakes.discord.routing import Answer, Call, route
from tests.fakes.discord.values import Message, Poll, Problem


def _poll(call: Call) -> tuple[Message, Poll]:
    found = call.message(call.channel())
    if found.poll is None:
        raise Problem(404, 10008, "Unknown Message")
    return found, found.poll


@route("POST", "/channels/{channel}/polls/{message}/expire")
def expire(call: Call) -> Answer:
    """End an own poll now."""
    found, poll = _poll(call)
    if found.author is not call.state.bot:
        raise Problem(403, 50013, "Missing Permissions")
    if poll.closed:
        raise Problem(400, 520001, "Poll expired")
    polls.close(call.state, found, poll)
    return Answer(body=shown(call.state, found))


@route("GET", "/channels/{channel}/polls/{message}/answers/{answer}")
def voters(call: Call) -> Answer:
    """Who voted for an answer, by their ids."""
    _, poll = _poll(call)
    answer = call.number("answer")
    if answer not in poll.answers:
        raise Problem(400, 50035, "Invalid Form Body", {"answer_id": "Unknown answer"})
    limit, after = call.asked("limit", 25), call.asked("after", 0)
    found = [number for number in sorted(poll.votes.get(answer, [])) if number > after]
    return Answer(body={"users": [shapes.user(call.state.tables.users[number]) for number in found[:limit]]})
