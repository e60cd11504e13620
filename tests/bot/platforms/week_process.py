"""A bot in a process of its own for a whole week: started, killed, and with a clock that is set by hand."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

import pytest

ROOT = Path(__file__).parents[3]
DEADLINE = 90.0  # seconds until something that should happen will not
PROGRAMME = """
group = "The Deep Readers"
host = "Ada"
zone = "Australia/Sydney"
[series]
first = 2026-12-02
at = "18:30"
[messages]
open = "-7d 20:30"
remind-week = "-3d 17:00"
[catchup]
slots = ["Sat 17:00", "Sun 11:00"]
[[chapters]]
number = 8
title = "Collaborative Filtering Deep Dive"
homework = ["Build the dot product model"]
[[chapters]]
number = 13
title = "Convolutional Neural Networks"
"""


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@dataclass
class Process:
    """The bot's process; `environment` is what it is told beside its web port and its programme.

    Used in a `with`, it is started, and gone at the end. `seen` is what stands on the platform, for who has to
    find out what went wrong.
    """

    folder: Path
    environment: Mapping[str, str]
    seen: Callable[[], str] = str
    process: subprocess.Popen[str] | None = None
    ahead: float = field(default=0.0, init=False)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.kill()

    @property
    def log(self) -> str:
        """All that it logged."""
        return (self.folder / "log").read_text(encoding="utf-8")

    def now(self) -> datetime:
        """The time that everybody goes by."""
        return datetime.fromtimestamp(time.time(), UTC) + timedelta(seconds=self.ahead)

    def set_to(self, moment: str | datetime) -> None:
        """Set everybody's clock."""
        moment = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        self.ahead = moment.timestamp() - time.time()
        file = self.folder / "ahead"
        file.with_suffix(".new").write_text(str(self.ahead), encoding="utf-8")
        file.with_suffix(".new").replace(file)

    def start(self) -> None:
        """Start the bot."""
        (self.folder / "programme.toml").write_text(PROGRAMME, encoding="utf-8")
        environment = {
            "PATH": os.defpath,
            "PYTHONPATH": str(ROOT),
            "WEB_PORT": str(free_port()),
            "PROGRAMME": str(self.folder / "programme.toml"),
            **self.environment,
        }
        command = [sys.executable, "-m", "tests.bot.platforms.week_worker", str(self.folder / "ahead")]
        with (self.folder / "log").open("a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                command, cwd=self.folder, env=environment, stdout=log, stderr=log, text=True
            )

    def kill(self) -> None:
        """End it as a power cut does."""
        if self.process:
            self.process.kill()
            self.process.wait(10)
            self.process = None

    async def until(self, happens: Callable[[], object], what: str) -> None:
        """Wait for it."""
        try:
            async with asyncio.timeout(DEADLINE):
                while not happens():
                    assert self.process is None or self.process.poll() is None, self.said()
                    await asyncio.sleep(0.05)
        except TimeoutError:
            pytest.fail(f"{what}\n{self.said()}")

    def said(self) -> str:
        """What the bot logged, and what stands on the platform."""
        return f"{self.log[-6000:]}\n{self.seen()}"
