"""Which page of the notebook it is, and what is taken along when one is turned: `bot.notes.Week` for the commands.

A page is turned when its session is over, or is not held after all: then its questions, links and blog posts are
not lost, but stand on the page of the session that takes its place.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from bot.agenda import Agenda
from bot.notebook import Notebook
from bot.notebook.turning import Taken
from bot.notes import Between
from bot.programme.week import Week
from scheduler.zones import utc

REACH = timedelta(weeks=120)
"""For how long before now a session is looked for: the longest rhythm, with a skipped date in it."""
RECENT = timedelta(weeks=2)
"""Before the first session of a plan: what is older belongs to another plan."""


class Pages:
    """The notebook's pages, by the programme in force."""

    def __init__(self, agenda: Agenda, notebook: Notebook) -> None:
        self._agenda, self._notebook = agenda, notebook
        self._turned: tuple[str, int] | None = None

    async def session(self, now: datetime) -> Week | None:
        """The week that it is, with everything on its page that belongs there."""
        page = await self._agenda.session(now)
        key = page.key if page else Between().key
        turned = key, self._agenda.revision
        if turned != self._turned:
            await self._notebook.turn(key, self._taking(now))
            self._turned = turned
        return page

    def _taking(self, now: datetime) -> Callable[[str], Taken]:
        """What of each other page is taken along to the page of now."""
        over = utc(now) - self._agenda.programme.length
        held = self._agenda.programme.between(over - REACH, over)
        keys, last = {each.key for each in held}, held[-1] if held else None
        since = last.local.date() if last else (now - RECENT).date()

        def taken(page: str) -> Taken:
            if page in keys:
                return "waiting" if last and page == last.key else "nothing"
            try:
                return "all" if date.fromisoformat(page[:10]) >= since else "nothing"
            except ValueError:
                return "all"  # what was brought while nothing was planned

        return taken
