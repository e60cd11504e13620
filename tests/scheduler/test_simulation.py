"""The delivery, simulated: nothing lost, nothing doubled, and no fault that we plant goes unseen."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from scheduler.deliveries import Deliveries
from scheduler.outbox import Outbox
from tests.scheduler.databases import InMemory
from tests.scheduler.histories import run
from tests.scheduler.mutants import MUTANTS
from tests.scheduler.simulation import PLATFORMS, Variant, simulate
from tests.scheduler.workers import FATES

SEEDS = 3_000
ENOUGH = 300  # histories in which a mutant must have shown itself


@dataclass(frozen=True)
class Statements:
    """The outbox itself, in a SQLite that answers at once."""

    database: InMemory = field(default_factory=InMemory)

    @property
    def outbox(self) -> Outbox:
        """For the pump."""
        return Outbox(self.database)

    @property
    def deliveries(self) -> Deliveries:
        """For the judge."""
        return Deliveries(self.database)


def test_nothing_is_lost_and_nothing_doubled(request: pytest.FixtureRequest) -> None:
    """Whatever happens, every post is made once: with the keys of Discord, and with those of Discourse."""
    seeds: Any = request.config.getoption("--seeds", default=SEEDS)
    wrong, faults = run(seeds, Variant())
    dead = [what for what in wrong if what.startswith("dead")]  # of an outage of an hour, with five crashes in it
    assert wrong.keys() == set(dead)
    assert len(dead) <= seeds // 10_000
    assert set(faults) >= {*FATES, "crash", "freeze"}


@pytest.mark.parametrize("name", MUTANTS)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_planted_fault_is_caught(name: str, platform: str) -> None:
    """Leave out one idea, and the simulation shows what it was for."""
    shows, change = MUTANTS[name]
    mutant = change(Variant(platforms=(platform,)))
    assert any(simulate(seed, mutant).wrong[shows] for seed in range(ENOUGH))


@pytest.mark.parametrize("seed", range(12))
def test_one_seed_is_one_history(seed: int) -> None:
    """The same step by step, on the list that is fast and in the SQL that is real."""
    history = simulate(seed, Variant())
    assert history.log
    assert history == simulate(seed, Variant())
    in_sql = simulate(seed, replace(Variant(), rows=Statements))
    assert history == in_sql
