"""From a post to a reply, whatever goes wrong on the way."""

import json
import logging
from dataclasses import replace

import pytest

from bot.command import Registry
from bot.dispatch import Dispatch, Refusal
from bot.values import Asked, Image, Reply
from tests.bot.conftest import ANN, ROOT, context, incoming


async def test_a_post_with_a_command_is_answered(registry: Registry) -> None:
    """The reply is what the command returned."""
    reply = await Dispatch(registry=registry).answer(incoming("!echo hello count=2"), context())
    assert reply is not None
    assert reply.text == "hello hello"


async def test_talk_is_met_with_silence(registry: Registry) -> None:
    """No command, or a word that may be another bot's: nothing is said."""
    dispatch = Dispatch(registry=registry)
    assert await dispatch.answer(incoming("good morning"), context()) is None
    assert await dispatch.answer(incoming("!weather"), context()) is None


async def test_a_near_miss_gets_one_suggestion(registry: Registry) -> None:
    """The suggestion is one sentence, with the command as a choice."""
    reply = await Dispatch(registry=registry).answer(incoming("!ehco hello"), context())
    assert isinstance(reply, Refusal)
    assert reply.text == "I don't know `!ehco`. Did you mean `!echo`?"
    assert [choice.command for choice in reply.choices] == ["!echo"]


async def test_where_only_the_bot_is_spoken_to_it_never_stays_silent(registry: Registry) -> None:
    """In a direct conversation an unknown word is answered with the way to the help."""
    reply = await Dispatch(registry=registry).answer(incoming("!weather", direct=True), context())
    assert reply is not None
    assert "!help" in reply.text


async def test_a_form_that_was_filled_in_is_always_answered(registry: Registry) -> None:
    """What was asked in a form counts, not its text; a command of another day is told, not met with silence."""
    dispatch = Dispatch(registry=registry)
    post = replace(incoming("!refuse"), asked=Asked(command="echo", values={"text": "hello", "loud": "yes"}))
    assert await dispatch.answer(post, context()) == Reply(text="hello!")
    gone = await dispatch.answer(replace(post, asked=Asked(command="weather", values={})), context())
    assert isinstance(gone, Refusal)
    assert "!help" in gone.text


async def test_their_error_is_shown_and_ours_is_logged(
    registry: Registry, caplog: pytest.LogCaptureFixture
) -> None:
    """A refusal is shown as it is; a failure shows a reference that stands in the log, and nothing else."""
    dispatch = Dispatch(registry=registry)
    refused = await dispatch.answer(incoming("!refuse"), context())
    assert refused == Refusal(text="Not today.")
    assert not caplog.records
    with caplog.at_level(logging.ERROR):
        failed = await dispatch.answer(incoming("!break"), context())
    assert isinstance(failed, Refusal)
    assert "SECRET" not in failed.text
    assert vars(caplog.records[0])["reference"] in failed.text


async def test_errors_named_as_theirs_are_shown_escaped(registry: Registry) -> None:
    """The engine's input errors are sentences for the person; what they quote is no markup."""
    dispatch = Dispatch(registry=registry, theirs=(RuntimeError,))
    reply = await dispatch.answer(incoming("!break"), context())
    assert reply == Refusal(text="token=SECRETSECRET")


async def test_an_admin_command_is_for_admins(registry: Registry) -> None:
    """Authority is looked at when the command is called."""
    dispatch = Dispatch(registry=registry)
    refused = await dispatch.answer(incoming("!reload"), context(ANN))
    assert isinstance(refused, Refusal)
    answered = await dispatch.answer(incoming("!reload"), context(ROOT))
    assert answered is not None
    assert answered.text == "Reloaded for Root."


async def test_pictures_are_drawn_when_somebody_draws(registry: Registry) -> None:
    """With a drawer the reply carries bytes; without one the pictures stay undrawn."""

    async def draw(image: Image) -> bytes:
        return json.dumps(dict(image.data)).encode()

    drawn = await Dispatch(registry=registry, draw=draw).answer(incoming("!square size=2"), context())
    bare = await Dispatch(registry=registry).answer(incoming("!square size=2"), context())
    assert drawn is not None
    assert bare is not None
    assert [image.png for image in drawn.images] == [b'{"size": 2.0}']
    assert [image.png for image in bare.images] == [b""]


async def test_every_call_is_observed(registry: Registry) -> None:
    """The observer hears the command, how it ended, and the seconds by the given timer."""
    seen: list[tuple[str, str, float]] = []
    ticks = iter(range(100))
    dispatch = Dispatch(
        registry=registry,
        observe=lambda command, result, seconds: seen.append((command, result, seconds)),
        timer=lambda: float(next(ticks)),
    )
    for line in ("!echo a", "!refuse", "!break"):
        await dispatch.answer(incoming(line), context())
    assert seen == [("echo", "answered", 1.0), ("refuse", "refused", 1.0), ("break", "failed", 1.0)]
