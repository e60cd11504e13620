"""Log lines hold no secrets."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Literal

import pytest

from bot import logs

SECRETS = (
    "api_key=abcdef123456",
    "Authorization: Bot abcdef123456",
    '"password": "abcdef123456"',
    "postgresql://ann:abcdef123456@localhost/group",
    "POST /interactions/123/aW50ZXJhY3Rpb246abcdef123456/callback",
    "known abcdef123456 word",
)


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    """The root logger as it was."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)


@pytest.mark.parametrize("form", ["human", "json"])
@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_reaches_no_line_nor_traceback(form: Literal["human", "json"], secret: str) -> None:
    """In the message, in an extra and in an exception it is stars."""
    stream = io.StringIO()
    logs.start("INFO", form, secrets=["abcdef123456"] if "known" in secret else (), stream=stream)
    try:
        raise RuntimeError(secret)
    except RuntimeError:
        logging.getLogger("bot.test").exception("said %s", secret, extra={"header": secret})
    written = stream.getvalue()
    assert "abcdef123456" not in written
    assert written.count("***") >= 3
    assert "Traceback" in written


def test_json_lines_hold_what_was_passed_along() -> None:
    """One object per line, with time, level, logger, message and extras."""
    stream = io.StringIO()
    logs.start("INFO", "json", stream=stream)
    logging.getLogger("bot.test").info("posted %d", 3, extra={"place": "thread"})
    logging.getLogger("bot.test").debug("not shown")
    (line,) = stream.getvalue().splitlines()
    said = json.loads(line)
    assert said.pop("at").endswith("+00:00")
    assert said == {"level": "INFO", "logger": "bot.test", "message": "posted 3", "place": "thread"}


def test_human_lines_are_for_reading() -> None:
    """Time, level, logger, message, and the extras in brackets."""
    stream = io.StringIO()
    logs.start("INFO", "human", stream=stream)
    logging.getLogger("bot.test").warning("late", extra={"seconds": 3})
    assert stream.getvalue()[8:] == " WARNING bot.test: late (seconds=3)\n"
