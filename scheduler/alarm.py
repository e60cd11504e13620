"""The alarm clock: APScheduler says when to look, and knows nothing of what is there.

Four housekeeping jobs with fixed ids, and what is added to them, kept in memory. No session is ever one of them:
those are rows in the outbox, so nothing is lost when a job is late, skipped or renamed.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MAX_INSTANCES, EVENT_JOB_MISSED
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

log = logging.getLogger(__name__)

Work = Callable[[], Awaitable[None]]
SECOND = timedelta(seconds=1)
TROUBLE = {EVENT_JOB_ERROR: "failed", EVENT_JOB_MISSED: "missed", EVENT_JOB_MAX_INSTANCES: "still running"}


@dataclass(frozen=True, kw_only=True)
class Rhythm:
    """How often each job runs."""

    pump: timedelta = timedelta(seconds=30)
    materialise: timedelta = timedelta(hours=1)
    rescue: timedelta = timedelta(seconds=30)
    prune: timedelta = timedelta(days=1)


class Alarm:
    """Wakes the pump, plans ahead, takes back what was left lying, and forgets what is long over."""

    def __init__(
        self,
        *,
        pump: Callable[[], None],
        materialise: Work,
        rescue: Work,
        prune: Work,
        more: Mapping[str, tuple[Work, timedelta]] | None = None,
        trouble: Callable[[str, str], None] = lambda _job, _what: None,
        rhythm: Rhythm | None = None,
    ) -> None:
        """`pump` wakes and returns at once; `more`: further jobs; `trouble` counts what goes wrong with which."""
        self._pump, self._trouble = pump, trouble

        async def wake() -> None:
            pump()

        rhythm = rhythm or Rhythm()
        self._jobs = {
            "pump": (wake, rhythm.pump),
            "materialise": (materialise, rhythm.materialise),
            "rescue": (rescue, rhythm.rescue),
            "prune": (prune, rhythm.prune),
            **(more or {}),
        }
        # Late is better than never, one run makes up for many, and none starts while the last is at it.
        self._scheduler: Any = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        self._scheduler.add_listener(self._heard, sum(TROUBLE))

    def start(self, now: datetime) -> None:
        """Run every job now, and then in its rhythm. Needs a running event loop."""
        for name, (work, every) in self._jobs.items():
            trigger = IntervalTrigger(seconds=every // SECOND, timezone=UTC)
            self._scheduler.add_job(work, trigger, id=name, name=name, next_run_time=now, replace_existing=True)
        self._scheduler.start()

    def wake(self) -> None:
        """Look now: a row was added."""
        self._pump()

    def stop(self) -> None:
        """Ring no more. A job that runs is cut short: each is a transaction, and runs again at the next start."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def jobs(self) -> list[Any]:
        """The jobs, as APScheduler has them."""
        return self._scheduler.get_jobs()

    def _heard(self, event: Any) -> None:
        what = TROUBLE[event.code]
        log.error("housekeeping: %s %s", event.job_id, what, exc_info=getattr(event, "exception", None))
        self._trouble(event.job_id, what)
