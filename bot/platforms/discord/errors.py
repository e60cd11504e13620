"""What an error of the library means for the bot: try again, give this post up, or tell an admin."""

from collections.abc import Generator
from contextlib import contextmanager

import aiohttp
import discord

from bot.errors import PlatformError, Refused, Retryable, Unsendable

UNKNOWN_CHANNEL, UNKNOWN_MESSAGE = 10003, 10008
LATE, NO_TOKEN, TOKEN_OVER = 10062, 10015, 50027
DIRECT_CLOSED, NOT_OURS, ARCHIVED, LOCKED = 50007, 50005, 50083, 160005
ALREADY_A_THREAD, ACKNOWLEDGED, PINNED_ENOUGH = 160004, 40060, 30047
NO_ACCESS, NO_REPLY = 50001, 160002
MEANING = {
    30003: "the channel has as many pins as Discord allows: unpin some",
    30038: "the server has as many scheduled events as Discord allows: delete some",
    30046: "an old message was changed too often: it can be changed again later",
    NO_ACCESS: "I cannot see that channel: give me View Channel there",
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
WAIT = "Discord asks us to wait"
SECONDS = 30.0
"""That one request may take, tries of the library included."""


@contextmanager
def as_ours(what: str) -> Generator[None]:
    """Let only `bot.errors` out. `what` we wanted to do stands in front of why it was not to be."""
    try:
        yield
    except discord.RateLimited as problem:
        raise Retryable(f"{what}: {WAIT}", after=problem.retry_after) from problem
    except discord.HTTPException as problem:
        raise meaning(what, problem) from problem
    except (aiohttp.ClientError, OSError) as problem:  # a timeout is an OSError
        raise Retryable(f"{what}: {spoken(problem)}") from problem
    except (TypeError, ValueError, KeyError) as problem:
        # What the library makes of a page, or of half an answer, that a proxy gave in Discord's place.
        raise Retryable(f"{what}: an answer that cannot be read ({type(problem).__name__})") from problem


def meaning(what: str, problem: discord.HTTPException) -> Retryable | Refused:
    """The error of ours that an answer of Discord stands for."""
    said = f"{what}: {spoken(problem)}"
    if problem.status == 429:
        return Retryable(said, after=_after(problem))
    if problem.status >= 500 or problem.status in (408, 409):
        return Retryable(said)
    return Unsendable(said) if problem.code in HOPELESS else Refused(said)


def spoken(problem: BaseException) -> str:
    """What is the matter, for people to read: of a page in the place of an answer no more than its status."""
    match problem:
        case discord.HTTPException():
            return MEANING.get(problem.code) or _text(problem)
        case discord.RateLimited():
            return WAIT
        case TimeoutError():
            return "no answer in time"
        case aiohttp.ClientConnectorError():
            return "Discord cannot be reached"
        case aiohttp.ClientPayloadError():
            return "what came is no whole answer of Discord's"
        case aiohttp.ClientError() | OSError():
            return "the connection broke off"
        case PlatformError():
            return str(problem)
        case _:
            return f"{type(problem).__name__}: {problem}"


def _text(problem: discord.HTTPException) -> str:
    if problem.status == 429:
        return WAIT
    if problem.text and not problem.text.lstrip().startswith("<"):
        return problem.text[:200]
    trouble = "Discord has trouble of its own" if problem.status >= 500 else "Discord refuses"
    return f"{trouble} (status {problem.status})"


def _after(problem: discord.HTTPException) -> float:
    """Seconds to wait; a refusal by the wall before Discord need not say."""
    try:
        return float(problem.response.headers.get("Retry-After", "60"))
    except ValueError:
        return 60.0
