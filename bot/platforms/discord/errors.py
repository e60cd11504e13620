"""What an error of the library means for the bot: try again, give this post up, or tell an admin."""

from collections.abc import Generator
from contextlib import contextmanager

import aiohttp
import discord

from bot.errors import Refused, Retryable, Unsendable

UNKNOWN_CHANNEL, UNKNOWN_MESSAGE = 10003, 10008
LATE, NO_TOKEN, TOKEN_OVER = 10062, 10015, 50027
DIRECT_CLOSED, NOT_OURS, ARCHIVED, LOCKED = 50007, 50005, 50083, 160005
ALREADY_A_THREAD, ACKNOWLEDGED, PINNED_ENOUGH = 160004, 40060, 30047
NO_REPLY = 160002
MEANING = {
    30003: "the channel has as many pins as Discord allows: unpin some",
    30038: "the server has as many scheduled events as Discord allows: delete some",
    30046: "an old message was changed too often: it can be changed again later",
    50001: "I cannot see that channel: give me View Channel there",
    50013: "I lack a permission there: `python -m bot doctor` says which",
    DIRECT_CLOSED: "their direct messages are closed",
    ARCHIVED: "the thread is archived",
    LOCKED: "the thread is locked",
    160006: "the server has as many active threads as Discord allows: archive some",
    200000: "the server's AutoMod blocks it",
    200001: "the server's AutoMod blocks it",
}
"""Discord's codes that an admin can do something about."""
NO_LONGER = frozenset({LATE, NO_TOKEN, TOKEN_OVER, UNKNOWN_MESSAGE})
"""What an interaction is told that waited too long, or whose first answer somebody deleted."""
HOPELESS = NO_LONGER | {NOT_OURS, DIRECT_CLOSED, ARCHIVED, LOCKED, 30046, 50006, 50035, 200000, 200001}
"""Of those that are refused: this one message, whereas others would be taken."""
SECONDS = 30.0
"""That one request may take, tries of the library included."""


@contextmanager
def as_ours(what: str) -> Generator[None]:
    """Let only `bot.errors` out. `what` we wanted to do stands in front of why it was not to be."""
    try:
        yield
    except discord.RateLimited as problem:
        raise Retryable(f"{what}: Discord asks us to wait", after=problem.retry_after) from problem
    except discord.HTTPException as problem:
        raise meaning(what, problem) from problem
    except (aiohttp.ClientError, OSError) as problem:  # a timeout is an OSError
        raise Retryable(f"{what}: {type(problem).__name__}") from problem
    except (TypeError, ValueError, KeyError) as problem:
        # What the library makes of a page, or of half an answer, that a proxy gave in Discord's place.
        raise Retryable(f"{what}: an answer that cannot be read ({type(problem).__name__})") from problem


def meaning(what: str, problem: discord.HTTPException) -> Retryable | Refused:
    """The error of ours that an answer of Discord stands for."""
    said = f"{what}: {MEANING.get(problem.code) or problem.text[:200] or f'status {problem.status}'}"
    if problem.status == 429:
        return Retryable(said, after=_after(problem))
    if problem.status >= 500 or problem.status in (408, 409):
        return Retryable(said)
    return Unsendable(said) if problem.code in HOPELESS else Refused(said)


def _after(problem: discord.HTTPException) -> float:
    """Seconds to wait; a refusal by the wall before Discord need not say."""
    try:
        return float(problem.response.headers.get("Retry-After", "60"))
    except ValueError:
        return 60.0
