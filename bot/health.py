"""How the bot is: the checks of `python -m bot doctor`, `/livez`, `/readyz` and `/metrics`.

Alive means that the event loop turns; ready, that every check finds its part as it should be.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from bot.errors import StartError, Unseen
from bot.values import Trouble

Answer = tuple[int, str, bytes]
Check = Callable[[], Awaitable[str]]
"""Looks at one part and says how it is; StartError says what has to change."""

log = logging.getLogger(__name__)

BEAT = 1.0  # seconds between two looks at how late the event loop is


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What a check came to; not `looked`: it was not made."""

    name: str
    good: bool
    said: str
    looked: bool = True

    def __str__(self) -> str:
        mark = "ok " if self.good else "FIX" if self.looked else "-- "
        return f"{mark}  {self.name}: {self.said}"


class Metrics:
    """The figures of one process. Never labelled by person or title."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._commands = Counter("commands", "Commands by result", ["command", "result"], registry=self._registry)
        self._seconds = Histogram(
            "command_seconds", "From a command to its reply", ["command"], registry=self._registry
        )
        self._pictures = Histogram(
            "picture_seconds",
            "Pictures by how they came: kept, drawn, failed",
            ["result"],
            registry=self._registry,
        )
        self._lag = Gauge("event_loop_lag_seconds", "How late the event loop wakes", registry=self._registry)

    def command(self, name: str, result: str, seconds: float) -> None:
        """Count one answer."""
        self._commands.labels(name, result).inc()
        self._seconds.labels(name).observe(seconds)

    def picture(self, result: str, seconds: float) -> None:
        """Count one picture."""
        self._pictures.labels(result).observe(seconds)

    async def beat(self) -> None:
        """Watch the event loop until cancelled."""
        while True:
            before = time.monotonic()
            await asyncio.sleep(BEAT)
            self._lag.set(max(0.0, time.monotonic() - before - BEAT))

    async def page(self) -> Answer:
        """The figures in the form that Prometheus reads."""
        return 200, CONTENT_TYPE_PLAIN_0_0_4, generate_latest(self._registry)


class Troubles:
    """What does not work just now. Each is logged when it begins and when it is over."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._known: dict[tuple[str, str], Trouble] = {}

    def report(self, where: str, what: str, sentence: str) -> None:
        """Say what is wrong with a part of something; an empty sentence: nothing any more."""
        key, known = (where, what), self._known.get((where, what))
        if not sentence:
            if self._known.pop(key, None):
                log.info("%s: %s works again", where, what)
        elif known is None or known.said != sentence:
            since = known.since if known else self._now()
            self._known[key] = Trouble(where=f"{where}, {what}", said=sentence, since=since)
            log.error("%s: %s: %s", where, what, sentence)

    def of(self, where: str) -> Callable[[str, str], None]:
        """`report` for one place."""
        return lambda what, sentence: self.report(where, what, sentence)

    @property
    def all(self) -> Sequence[Trouble]:
        """The longest first."""
        return sorted(self._known.values(), key=lambda each: each.since)


async def livez() -> Answer:
    """Answered by the event loop itself: whoever reads it knows that it turns."""
    return 200, "text/plain; charset=utf-8", b"study-group-bot alive\n"


async def examine(checks: Mapping[str, Check], seconds: float = 20.0) -> list[Finding]:
    """Run every check; one that refuses, or takes too long, says what has to change."""
    findings: list[Finding] = []
    for name, check in checks.items():
        try:
            findings.append(Finding(name=name, good=True, said=await asyncio.wait_for(check(), seconds)))
        except Unseen as problem:
            findings.append(Finding(name=name, good=False, said=str(problem), looked=False))
        except StartError as problem:
            findings.append(Finding(name=name, good=False, said=str(problem)))
        except TimeoutError:
            findings.append(Finding(name=name, good=False, said=f"no answer within {seconds:g} seconds"))
    return findings


def quiet(troubles: Troubles, where: str) -> Check:
    """Whether a place works just now, as far as is known."""

    async def check() -> str:
        found = [each.said for each in troubles.all if each.where.startswith(f"{where}, ")]
        if found:
            raise StartError("; ".join(found))
        return "nothing is known to be wrong"

    return check


def free(host: str, port: int) -> Check:
    """Whether a port can be listened at."""

    async def check() -> str:
        try:
            probe = await asyncio.get_running_loop().create_server(asyncio.Protocol, host, port)
        except OSError as problem:
            raise StartError(
                f"{host}:{port} cannot be listened at ({problem.strerror}). Is the bot already running? "
                "Else choose another with WEB_HOST and WEB_PORT."
            ) from problem
        probe.close()
        return f"{host}:{port} is free for the local thread"

    return check


def readyz(checks: Mapping[str, Check]) -> Callable[[], Awaitable[Answer]]:
    """A page that runs the checks: 200, or 503 when one finds something to change."""

    async def page() -> Answer:
        findings = await examine(checks, seconds=5.0)
        lines = "".join(f"{finding}\n" for finding in findings)
        status = 200 if all(finding.good for finding in findings) else 503
        return status, "text/plain; charset=utf-8", lines.encode()

    return page
