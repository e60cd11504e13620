"""Log lines, for people or as JSON, with secrets taken out.

Redaction happens in the formatter, after the traceback has become text: a filter would never see what an
exception carries.
"""

import json
import logging
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Literal, TextIO

_PATTERNS = (
    # name=value and "name": "value", where the name says that the value is secret
    re.compile(
        r"""(?i)\b((?:[\w-]*(?:token|secret|password|api[_-]?key)|authorization)["']?\s*[:=]\s*["']?)"""
        r"""((?:bot|bearer|basic)\s+)?[^\s"',&;]{4,}"""
    ),
    re.compile(r"([a-z][a-z0-9+.-]*://[^\s/:@]*:)()[^\s/@]+(?=@)"),  # the password in a URL
    re.compile(r"(/(?:interactions|webhooks)/\d+/)()[\w.-]{16,}"),  # what an interaction is answered with
    re.compile(r"()()[A-Za-z\d_-]{24,28}\.[A-Za-z\d_-]{6}\.[A-Za-z\d_-]{27,}"),  # a Discord token anywhere
)
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """`text` with every known secret, and everything that looks like one, as `***`."""
    for secret in secrets:
        if len(secret) >= 4:  # a shorter one would take ordinary words with it
            text = text.replace(secret, "***")
    for pattern in _PATTERNS:
        text = pattern.sub(r"\1***", text)
    return text


class Human(logging.Formatter):
    """`12:30:05 INFO  bot.app: the thread is open (port=8000)`."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s", datefmt="%H:%M:%S")
        self._secrets = tuple(secrets)

    def format(self, record: logging.LogRecord) -> str:
        """One line, and the traceback below it."""
        first, newline, rest = super().format(record).partition("\n")
        extra = " ".join(f"{name}={value}" for name, value in _extra(record).items())
        return redact(first + (f" ({extra})" if extra else "") + newline + rest, self._secrets)


class Json(logging.Formatter):
    """One JSON object per line."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._secrets = tuple(secrets)

    def format(self, record: logging.LogRecord) -> str:
        """Time (UTC), level, logger, message, whatever was passed as `extra`, and the traceback."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **_extra(record),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        # Redacted value by value: a secret may hold a quote, and the line must stay JSON.
        clean = {name: redact(str(value), self._secrets) for name, value in line.items()}
        return json.dumps(clean, ensure_ascii=False)


def start(
    level: str, form: Literal["human", "json"], secrets: Iterable[str] = (), stream: TextIO = sys.stderr
) -> None:
    """Send everything that is logged, by us and by the libraries, to `stream` in one form."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Json(secrets) if form == "json" else Human(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in ("aiohttp.access", "alembic", "apscheduler", "discord", "tzlocal"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # It prints a traceback for each dial that fails; our supervisor says so in a line.
    logging.getLogger("discord.client").setLevel(logging.CRITICAL)


def _extra(record: logging.LogRecord) -> dict[str, object]:
    return {name: value for name, value in vars(record).items() if name not in _OWN}
