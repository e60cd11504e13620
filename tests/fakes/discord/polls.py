"""Native polls: votes, and how they end."""

from tests.fakes.discord import telling
from tests.fakes.discord.commands import Refused
from tests.fakes.discord.state import State
from tests.fakes.discord.values import JSON, Message, Poll, User

RESULT = 46


def vote(state: State, message: Message, user: User, answer: int) -> None:
    """Somebody votes; with one answer only, an earlier vote is withdrawn."""
    poll = message.poll
    if poll is None or poll.closed or answer not in poll.answers:
        raise Refused(f"there is no open poll with an answer {answer}")
    if not poll.multiple:
        for other in [number for number, who in poll.votes.items() if user.id in who and number != answer]:
            withdraw(state, message, user, other)
    voters = poll.votes.setdefault(answer, [])
    if user.id not in voters:
        voters.append(user.id)
        telling.voted(state, message, user, answer, "ADD")


def withdraw(state: State, message: Message, user: User, answer: int) -> None:
    """Somebody takes their vote back."""
    if message.poll is None or user.id not in message.poll.votes.get(answer, []):
        raise Refused(f"{user.name} has not voted for {answer}")
    message.poll.votes[answer].remove(user.id)
    telling.voted(state, message, user, answer, "REMOVE")


def settle(state: State) -> None:
    """End the polls whose time is over."""
    for message in list(state.tables.messages.values()):
        poll = message.poll
        if poll and not poll.closed and not message.deleted and poll.expires_at <= state.now():
            close(state, message, poll)


def close(state: State, message: Message, poll: Poll) -> None:
    """The poll is over: it is marked so, and a message says how it ended."""
    poll.closed, poll.expires_at = True, min(poll.expires_at, state.now())
    telling.posted(state, message, "MESSAGE_UPDATE")
    end = Message(
        id=state.next_id(),
        channel=message.channel,
        author=message.author,
        content="",
        created_at=state.now(),
        kind=RESULT,
        embeds=[_result(poll)],
        reference=message.id,
    )
    state.tables.messages[end.id] = end
    message.channel.last_message = end.id
    telling.posted(state, end)


def _result(poll: Poll) -> JSON:
    counts = {number: len(poll.votes.get(number, [])) for number in poll.answers}
    best = max(counts.values(), default=0)
    winners = [number for number, count in counts.items() if count == best and best]
    fields = {
        "poll_question_text": poll.question,
        "total_votes": sum(counts.values()),
        "victor_answer_votes": best,
    }
    if len(winners) == 1:
        fields |= {"victor_answer_id": winners[0], "victor_answer_text": poll.answers[winners[0]]}
    return {
        "type": "poll_result",
        "fields": [{"name": name, "value": str(value), "inline": False} for name, value in fields.items()],
    }
