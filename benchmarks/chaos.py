"""SIGKILL on processes that deliver: what is lost and what is doubled, in five ways of delivering.

    .venv/bin/python -m benchmarks.chaos [--posts 600] [--way ours] [--database sqlite]

Three workers post to a real little server (3 % of posts stored but answered 502, 3 % answered 429, 3 % 503); one
of them is killed every 0.3 to 0.9 s. Leases, timeouts and the server's memory for keys are a thirtieth of those in
production. PostgreSQL is started from the system's package, and left out where there is none.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.fakes.destination import Destination
from tests.fakes.postgres import postgres, programs
from tests.scheduler import databases
from tests.scheduler.chaos import Outcome, chaos


@dataclass(frozen=True, kw_only=True)
class Way:
    """A pump, and for how many seconds the server knows a key."""

    pump: str
    window: float


WAYS = {
    "mark first, then post": Way(pump="mark first", window=0.0),
    "post, then mark": Way(pump="no look-back", window=0.0),
    "with a key that is known for 6 s": Way(pump="no look-back", window=6.0),
    "with a look back": Way(pump="ours", window=0.0),
    "ours: key and look back": Way(pump="ours", window=6.0),
}


@contextmanager
def database_url(kind: str) -> Generator[str]:
    """A database that is thrown away."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield str(Path(folder) / "chaos.db")
    else:
        with postgres() as url:
            yield url


async def measure(url: str, way: Way, posts: int, seed: int) -> Outcome:
    """One run."""
    database = databases.postgresql(url) if url.startswith("postgresql") else databases.sqlite(Path(url))
    try:
        await database.create()
        random = Random(seed)  # noqa: S311 - a seed, not a secret
        async with Destination(random, window=way.window) as destination:
            return await chaos(database, url, destination, posts=posts, pump=way.pump, seed=seed)
    finally:
        await database.engine.dispose()


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--way", choices=WAYS, action="append")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    asked = parser.parse_args()
    kinds = asked.database or ["sqlite", *(["postgresql"] if programs() else [])]
    print(f"{asked.posts} posts a run, Python {sys.version.split()[0]}.\n")
    print("| way | database | lost | doubled | kills | most attempts | seconds |\n|---|---|---|---|---|---|---|")
    for name in asked.way or WAYS:
        for kind in kinds:
            with database_url(kind) as url:
                outcome = asyncio.run(measure(url, WAYS[name], asked.posts, asked.seed))
            print(
                f"| {name} | {kind} | {outcome.lost} | {outcome.doubled} | {outcome.kills} "
                f"| {outcome.most_attempts} | {outcome.seconds:.0f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
