"""The one road from words to a reply.

Errors end here: theirs (`UserError`, and the kinds named by `theirs`) become a sentence, ours are logged with a
reference and answered politely. This holds the one broad `except` of the project.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot.command import Registry
from bot.context import Context
from bot.errors import StartError, UserError
from bot.parse import Call, Unknown, called, parse
from bot.stray import meant
from bot.values import Choice, Image, Incoming, Refusal, Reply, code, escape

log = logging.getLogger(__name__)


def _unseen(command: str, result: str, seconds: float) -> None:
    """Nobody counts."""


@dataclass(frozen=True, kw_only=True)
class Dispatch:
    """Answers posts and calls.

    `theirs`: further exceptions whose text is meant for the person. `draw` makes a picture, None leaves them
    undrawn. `observe` is told of each answer: the command, "answered", "refused" or "failed", and the seconds.
    """

    registry: Registry
    theirs: tuple[type[Exception], ...] = ()
    draw: Callable[[Image], Awaitable[bytes]] | None = None
    observe: Callable[[str, str, float], None] = _unseen
    timer: Callable[[], float] = time.monotonic

    async def answer(self, incoming: Incoming, context: Context) -> Reply | None:
        """Answer a post, or nothing where none is wanted: it holds no command, or another bot's."""
        try:
            if incoming.asked is not None:
                call = called(incoming.asked, self.registry, context.prefix)
            else:
                call = parse(incoming.text, self.registry, context.prefix)
            if isinstance(call, Call):
                return await self.run(call, context)
            return _unknown(call, incoming, context)
        except UserError as problem:
            return refusal(problem)

    async def run(self, call: Call, context: Context) -> Reply:
        """Answer a call already parsed; whatever goes wrong becomes a reply."""
        started, result = self.timer(), "failed"
        try:
            reply = await self._reply(call, context)
            result = "answered"
        except UserError as problem:
            reply, result = refusal(problem), "refused"
        except self.theirs as problem:
            word = getattr(problem, "stray", "")  # what the engine can make nothing of may be meant for us
            said = escape(str(problem)) + (f" {meant(call.command, word, context.prefix)}" if word else "")
            reply, result = refusal(UserError(said)), "refused"
        except StartError:  # for whoever runs the bot, not for whoever asked
            raise
        except Exception:  # the one place where an error of ours meets a person
            reference = secrets.token_hex(4)
            log.exception("command %s failed", call.command.name, extra={"reference": reference})
            reply = Refusal(
                text="Something went wrong on my side, not yours. "
                f"It is logged as `{reference}`; an admin can find it by that word."
            )
        self.observe(call.command.name, result, self.timer() - started)
        return reply

    async def _reply(self, call: Call, context: Context) -> Reply:
        if call.command.admin and not context.person.is_admin:
            name = code(context.prefix + call.command.name)
            raise UserError(f"{name} is for the group's admins. {context.person.doubt}".rstrip())
        return await self.drawn(await call.command.run(context, **call.arguments))

    async def drawn(self, reply: Reply) -> Reply:
        """The reply with its pictures, as far as they can be drawn."""
        if self.draw is None or not reply.images:
            return reply
        pictures = await asyncio.gather(*(self.draw(image) for image in reply.images))
        images = tuple(replace(image, png=png) for image, png in zip(reply.images, pictures, strict=True))
        return replace(reply, images=images)


def refusal(problem: UserError) -> Reply:
    """The reply that a UserError stands for."""
    return Refusal(text=problem.text, choices=problem.choices)


def _unknown(call: Unknown | None, incoming: Incoming, context: Context) -> Reply | None:
    """One suggestion for a near miss; else silence, unless nobody but the bot was spoken to."""
    prefix = context.prefix
    if call is not None and call.near is not None:
        raise UserError(
            f"I don't know {code(prefix + call.word)}. Did you mean {code(prefix + call.near)}?",
            [Choice(label=prefix + call.near, command=prefix + call.near)],
        )
    if call is not None and (incoming.direct or incoming.asked):
        raise UserError(f"I don't know {code(prefix + call.word)}. {code(prefix + 'help')} lists what I do.")
    return None


__all__ = ["Dispatch", "Refusal", "refusal"]
