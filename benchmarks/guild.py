"""Our bot on a Discord server beside a bare discord.py bot that echoes: at rest, and at work.

    .venv/bin/python -m benchmarks.guild [--idle 60] [--rounds 3] [--commands 60]

Each is a process of its own, with a fake server for itself in this one. They take turns, so that a busy machine
hits both alike. Nobody asks more than the bot allows one person, and one channel.
"""

import argparse
import asyncio
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import islice, product, repeat
from pathlib import Path

import discord

from benchmarks.crowd import Crowd, Question, Took
from benchmarks.pictures import one_window
from engine import plots
from tests.bot.platforms.week_process import free_port
from tests.fakes.discord import Channel, Server, Site, serve

ROOT = Path(__file__).parents[1]
TICKS = os.sysconf("SC_CLK_TCK")
SPANS = (1, 20)
"""How many ask at once."""
QUIET = 0.3
"""Seconds without work after which a bot is done."""
WARM = 6
"""Questions of each kind before anything is measured: what is loaded on first use is loaded."""


def window(kernel: str, row: int, column: int) -> Question:
    """What a kernel does at one place."""
    at = f"{row},{column}"
    return Question(
        text=f"!kernel {kernel} at={at}", path="kernel", values={"kernel": kernel, "at": at}, pictures=1
    )


MOVIE = Question(text="!movie Fargo", path="movie", values={"title": "Fargo"})
KINDS: Mapping[str, Callable[[], Iterator[Question]]] = {
    "no picture (`movie Fargo`)": lambda: repeat(MOVIE),
    "the same picture (`kernel topedge at=5,7`)": lambda: repeat(window("topedge", 5, 7)),
    "a new picture each time (`kernel … at=…`)": lambda: (
        window(*each) for each in product(("outline", "leftedge", "blur"), range(1, 27), range(1, 27))
    ),
}
CASES = list(product(KINDS, (False, True), SPANS))


@dataclass(frozen=True, kw_only=True)
class Bot:
    """A bot's process, and the people who ask it."""

    name: str
    pid: int
    crowd: Crowd
    questions: Mapping[str, Iterator[Question]]
    """By their kind; what was asked once as something new is not new again."""

    async def asked(self, kind: str, commands: int, *, slash: bool, at_once: int, took: Took) -> None:
        """A round of questions; it lasts until the bot is done, for some of its work comes after the answer."""
        questions, before = list(islice(self.questions[kind], commands)), self.cpu()
        begun = time.perf_counter()
        await self.crowd.ask(questions, slash=slash, at_once=at_once, took=took)
        took.wall += await self._quiet() - begun
        took.cpu += self.cpu() - before

    async def _quiet(self) -> float:
        """Wait until the processor has no work for it any more: since when."""
        since, worked = time.perf_counter(), self.cpu()
        while time.perf_counter() < since + QUIET:
            await asyncio.sleep(0.01)
            if self.cpu() != worked:
                since, worked = time.perf_counter(), self.cpu()
        return since

    def cpu(self) -> float:
        """Seconds that the processor worked for it."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def sizes(self) -> tuple[float, float]:
        """Megabytes in memory: all of them, and with what is shared counted by shares."""
        lines = Path(f"/proc/{self.pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
        sizes = {line.split(":")[0]: int(line.split()[1]) * 1024 / 1e6 for line in lines}
        return sizes["Rss"], sizes["Pss"]


@asynccontextmanager
async def running(name: str, folder: Path) -> AsyncGenerator[Bot]:
    """A bot on a server of its own, with all that is loaded on first use, until the block ends."""
    site = Site()
    home = site.channel("reading-group")
    async with serve(site) as server:
        command, environment = await asyncio.to_thread(_how, name, site, server, home, folder)
        process = await asyncio.to_thread(
            subprocess.Popen, command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
        )
        try:
            await site.until(lambda: site.commands and any(each.open for each in site.connections), seconds=60)
            questions = {kind: begin() for kind, begin in KINDS.items()}
            bot = Bot(name=name, pid=process.pid, crowd=Crowd(site, home), questions=questions)
            for kind, slash in product(KINDS, (False, True)):
                await bot.asked(kind, WARM, slash=slash, at_once=1, took=Took())
            yield bot
        finally:
            process.terminate()
            await asyncio.to_thread(process.wait)


def _how(name: str, site: Site, server: Server, home: Channel, folder: Path) -> tuple[list[str], dict[str, str]]:
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "LOG_LEVEL": "WARNING"}
    if name == "echo":
        picture = folder / "echo.png"
        picture.write_bytes(plots.draw("window", one_window()[0]))
        arguments = [site.token, server.api, server.gateway, str(site.guild.id), str(picture)]
        return [sys.executable, "-m", "benchmarks.echo_bot", *arguments], environment
    environment["DATABASE_URL"] = f"sqlite:///{folder}/group.db"
    # The first start makes the tables, and loads for it what no later one needs.
    subprocess.run(
        [sys.executable, "-m", "bot", "ask", MOVIE.text],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return [sys.executable, "-m", "bot", "run"], environment | {
        "DISCORD_TOKEN": site.token,
        "DISCORD_CHANNEL_ID": str(home.id),
        "DISCORD_API_BASE": server.api,
        "DISCORD_GATEWAY_URL": server.gateway,
        "WEB_PORT": str(free_port()),
    }


async def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--idle", type=float, default=60, help="seconds that both are left alone")
    parser.add_argument("--rounds", type=int, default=3, help="turns that each of them has at each kind")
    parser.add_argument("--commands", type=int, default=60, help="in a round")
    options = parser.parse_args()
    python, load = sys.version.split()[0], os.getloadavg()[0]
    print(f"Python {python}, discord.py {discord.__version__}, SQLite {sqlite3.sqlite_version}, ", end="")
    print(f"{os.cpu_count()} cores; load at the start {load:.1f}.\n", flush=True)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        bots = [await stack.enter_async_context(running(name, folder)) for name in ("echo", "ours")]
        before = [each.cpu() for each in bots]
        await asyncio.sleep(options.idle)
        used = [each.cpu() - start for each, start in zip(bots, before, strict=True)]
        sizes = [each.sizes() for each in bots]
        print("| at work | at once | a second: echo | ours | ratio | CPU ms an answer: echo | ours ", end="")
        print("| median, 95th ms: echo | ours | ratio |\n|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
        for kind, slash, at_once in CASES:
            echo, ours = await _compared(bots, kind, options, slash=slash, at_once=at_once)
            print(_row(f"{'slash' if slash else 'text'}, {kind}", at_once, echo, ours), flush=True)
        print("\n| at rest | resident, MB | proportional, MB | CPU, % of a core | resident after the work, MB |")
        print("|---|--:|--:|--:|--:|")
        for bot, (resident, proportional), seconds in zip(bots, sizes, used, strict=True):
            print(f"| {bot.name} | {resident:.0f} | {proportional:.0f} ", end="")
            print(f"| {100 * seconds / options.idle:.2f} | {bot.sizes()[0]:.0f} |")
    print(f"\nLoad at the end {os.getloadavg()[0]:.1f}.")


async def _compared(
    bots: list[Bot], kind: str, options: argparse.Namespace, *, slash: bool, at_once: int
) -> list[Took]:
    """All rounds of a kind, in turns."""
    took = [Took() for _ in bots]
    for _ in range(options.rounds):
        for bot, mine in zip(bots, took, strict=True):
            await bot.asked(kind, options.commands, slash=slash, at_once=at_once, took=mine)
    return took


def _row(name: str, at_once: int, echo: Took, ours: Took) -> str:
    rates = f"{echo.rate:.0f} | {ours.rate:.0f} | {ours.rate / echo.rate:.2f}"
    work = " | ".join(f"{1000 * each.cpu / len(each.each):.1f}" for each in (echo, ours))
    waits = " | ".join(f"{1000 * each.median:.0f}, {1000 * each.late:.0f}" for each in (echo, ours))
    return f"| {name} | {at_once} | {rates} | {work} | {waits} | {ours.median / echo.median:.0f} |"


if __name__ == "__main__":
    asyncio.run(main())
