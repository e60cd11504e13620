"""The running week, put together: the programme in force, what it owes, and who delivers that.

`bot.app` makes one and hands in the clock, the database and the platforms.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import cached_property
from random import Random
from typing import Any
from uuid import uuid4

from bot.agenda import Agenda
from bot.announcer import Announcer
from bot.database import Database
from bot.diary import Diary
from bot.host import Host
from bot.lease import Lease
from bot.notebook import Notebook
from bot.overview import overview
from bot.pages import Pages
from bot.platform import Platform
from bot.programme import EXAMPLE, Programme, load
from bot.questions import Questions
from bot.reminders import EVERY, Reminders
from bot.settings import Settings
from bot.threads import Threads
from bot.values import Place
from scheduler.alarm import Alarm
from scheduler.bell import listen
from scheduler.deliveries import Deliveries
from scheduler.outbox import Outbox
from scheduler.owed import SETTLED, State
from scheduler.ports import Clock, Pace
from scheduler.pump import Pump

KEPT = timedelta(days=90)
"""How long deliveries that are over can still be looked at; and for how far a session may be moved without being
announced again."""

log = logging.getLogger(__name__)


class Weekly:
    """The parts of the running week. `places`: where it is talked about, and how to come by the platform.

    `changed` is called when what is planned or owed has changed.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        notebook: Notebook,
        *,
        places: Mapping[Place, Callable[[], Platform]],
        clock: Clock,
        chance: Random,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self._settings, self._database, self._notebook = settings, database, notebook
        self._places, self._clock, self._chance = places, clock, chance
        self._changed = changed

    @cached_property
    def programme(self) -> Programme:
        """The reading plan as the host's file has it; ProgrammeError names the line that is wrong."""
        return load(self._settings.programme or EXAMPLE)

    @cached_property
    def agenda(self) -> Agenda:
        """The programme in force."""
        places = tuple(self._places)
        return Agenda(self.programme, self._database, self._outbox, places, changed=self._plan_changed)

    @cached_property
    def pages(self) -> Pages:
        """The notebook's pages, as the weeks turn them."""
        return Pages(self.agenda, self._notebook)

    @cached_property
    def questions(self) -> Questions:
        """The questionnaires, of the chapters that the group has come to."""
        zone = self.programme.series.zone
        return Questions(self._database, covered=self.agenda.covered, zone=lambda: zone)

    @cached_property
    def reminders(self) -> Reminders:
        """What tells members that something is due."""
        platforms = {place.platform: platform() for place, platform in self._places.items()}
        return Reminders(self.questions, platforms, now=self._clock.now, prefix=self._settings.command_prefix)

    @cached_property
    def deliveries(self) -> Deliveries:
        """What admins see of the outbox."""
        return Deliveries(self._database, added=self._wake)

    @cached_property
    def host(self) -> Host:
        """What admins steer the week with."""
        return Host(
            self.agenda,
            self.deliveries,
            Threads(self._database),
            {place.platform: platform() for place, platform in self._places.items()},
            calendar=f"{self._address}/calendar.ics",
        )

    async def begin(self) -> None:
        """Let the example begin next week, should its year be over by the first start; a host's plan says when."""
        await self.agenda.load()
        now, series = self._clock.now(), self.programme.series
        if self._settings.programme is not None and self.agenda.changes.begins is not None:
            await self.agenda.change(lambda changes: changes.beginning(None), now)
        if (
            self._settings.programme is None
            and not self.agenda.revision
            and next(self.programme.sessions()).starts <= now
        ):
            today = now.astimezone(series.clocks).date()
            days = (series.first.weekday() - today.weekday()) % 7 or 7
            await self.agenda.change(lambda changes: changes.beginning(today + timedelta(days=days)), now)

    async def run(self) -> None:
        """Deliver what falls due, until stopped."""
        self._alarm.start(self._clock.now())
        diary = asyncio.create_task(self._diary.run(self._clock), name="diary")
        self._diary.wake()
        try:
            await self._deliver()
        finally:
            diary.cancel()

    async def _deliver(self) -> None:
        if self._database.file is not None:
            await self._pump.run()
            return
        bell = asyncio.create_task(listen(self._database, self._pump.wake, self._clock), name="bell")
        await self._pump.run()
        bell.cancel()

    async def deliver(self) -> None:
        """Deliver what is due at this moment, and return."""
        await self._pump.drain()

    async def look(self) -> None:
        """What the alarm does from time to time: plan on, take back, bring up to date, and deliver."""
        await self._materialise()
        await self._rescue()
        await self._remind()
        self._pump.wake()

    async def refresh(self) -> None:
        """Bring the week's thread up to date: an hour apart, for platforms count the edits of a day."""
        await self._announcer.refresh()

    def stop(self) -> None:
        """Start no delivery any more; those that run are finished."""
        self._alarm.stop()
        self._pump.stop()

    async def calendar(self) -> tuple[int, str, bytes]:
        """`/calendar.ics`: status, content type, body."""
        # icalendar takes a tenth of a second to import, and nobody may ever ask.
        from bot.calendar import calendar

        await self.agenda.load()
        feed = await asyncio.to_thread(
            calendar, self.agenda.programme, self._clock.now(), self.agenda.revision, url=self._address
        )
        return 200, "text/calendar; charset=utf-8", feed

    async def overview(self) -> Mapping[str, Any]:
        """What the sidebar shows: the last deliveries, and the next."""
        await self.agenda.load()
        done = await self.deliveries.list(*SETTLED, limit=3)
        owed = await self.deliveries.list(State.OWED, State.LEASED, limit=3)
        recent = [(entry, self.agenda.due(entry.owed)) for entry in [*reversed(done), *owed]]
        return overview(self.agenda.programme, self._clock.now(), await self.deliveries.counts(), recent)

    @property
    def _address(self) -> str:
        """Where the thread is, for a browser or a calendar."""
        local = f"http://{self._settings.web_host}:{self._settings.web_port}"
        return str(self._settings.public_url or local).rstrip("/")

    @cached_property
    def _outbox(self) -> Outbox:
        return Outbox(self._database, added=self._wake)

    @cached_property
    def _announcer(self) -> Announcer:
        return Announcer(
            self.agenda,
            self.pages,
            self._notebook,
            self.questions,
            self._database,
            {place.platform: platform() for place, platform in self._places.items()},
            now=self._clock.now,
            prefix=self._settings.command_prefix,
        )

    @cached_property
    def _diary(self) -> Diary:
        platforms = {place.platform: platform() for place, platform in self._places.items()}
        return Diary(self.agenda, platforms, now=self._clock.now)

    @cached_property
    def _pump(self) -> Pump:
        return Pump(self._outbox, self._announcer, self._clock, self._chance, refused=self._refused)

    @cached_property
    def _reminding(self) -> Lease:
        return Lease(self._database, "reminders", uuid4().hex)

    @cached_property
    def _alarm(self) -> Alarm:
        return Alarm(
            pump=self._pump.wake,
            materialise=self._materialise,
            rescue=self._rescue,
            prune=self._prune,
            more={"remind": (self._remind, EVERY)},
        )

    def _wake(self) -> None:
        """Tell the pump, if one runs in this process, and whoever shows the week."""
        self._changed()
        if "_pump" in vars(self):
            self._pump.wake()

    def _plan_changed(self) -> None:
        """Tell the calendars, if this process keeps any."""
        if "_diary" in vars(self):
            self._diary.wake()

    async def _refused(self, place: str, reason: str) -> None:
        log.error("a place wants nothing from us: an admin has to look", extra={"place": place, "reason": reason})

    async def _materialise(self) -> None:
        await self.agenda.materialise(self._clock.now())
        self._diary.wake()
        await self.refresh()

    async def _remind(self) -> None:
        """Remind members, unless another process is at it: two at once could both believe to be the first."""
        if await self._reminding.take(self._clock.now()) is None:
            await self.reminders.look()

    async def _rescue(self) -> None:
        await self._outbox.rescue(self._clock.now(), Pace().lease)

    async def _prune(self) -> None:
        await self.deliveries.prune(self._clock.now() - KEPT)
