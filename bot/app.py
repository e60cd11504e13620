"""The composition root: the one place where everything meets.

`App` makes each part when it is first asked for, so that a text answer needs neither the database nor anything
that draws.
"""

import asyncio
import logging
import signal
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property, partial
from importlib import import_module
from random import Random
from types import TracebackType
from typing import TYPE_CHECKING, Self, cast

import engine
import engine.plots
from bot.addresses import found
from bot.clock import RealClock
from bot.command import Registry
from bot.commands import registry
from bot.completers import completers
from bot.completion import Completion
from bot.context import Context, Progress, unshown
from bot.dispatch import Dispatch, Refusal
from bot.help import HelpPages
from bot.listed import listed
from bot.models import Models
from bot.parse import first
from bot.platform import Platform
from bot.settings import Settings
from bot.stores import Stores
from bot.sums.sources import ATTACHED
from bot.values import Incoming, Person, Place, PostRef, Reply, code

if TYPE_CHECKING:
    from bot.answering import Answering
    from bot.checkup import Parts as Examined
    from bot.context import Films, Help, Kernels, Parts, Ratings
    from bot.health import Check, Metrics, Troubles
    from bot.host import Host
    from bot.inside import Inside
    from bot.listed import Lists
    from bot.notes import Notebook as Notes
    from bot.notes import Week
    from bot.pages import Pages
    from bot.pictures import Pictures
    from bot.platforms.discord import Discord
    from bot.platforms.discourse import Discourse
    from bot.platforms.web import Web
    from bot.questionnaire import Quiz
    from bot.questions import Questions
    from bot.shelf import Shelf
    from bot.steering import Steering
    from bot.trainer import Trainer
    from bot.trainings import Trainings
    from bot.weekly import Weekly
    from bot.workers import Workers
    from scheduler.ports import Clock

log = logging.getLogger(__name__)

LOCAL = Person(platform="web", id="local", name="You", is_admin=True)
"""Whoever sits at this machine: the person of the local thread and of the command line."""

THREAD = Place(platform="web", id="local")
"""The local thread: the first place where the week is talked about."""

TASKS = {"learn": "engine.learning:learn"}
"""What runs in a process of its own, by the name that a command calls it."""

WELCOME = ("similar Terminator", "kernel topedge at=5,7", "help")
"""What an empty thread offers to try."""


class App(Stores):
    """The parts of one bot, made when they are first needed, and closed in order."""

    def __init__(self, settings: Settings, clock: "Clock | None" = None) -> None:
        super().__init__(settings)
        self.clock = clock or RealClock()

    async def __aenter__(self) -> Self:
        """Nothing to do yet: parts come when they are asked for."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close what was made, in order: what trains, who listens, who draws, what is written to."""
        made = vars(self)
        if "trainings" in made:
            await self.trainings.stop("a restart")
        for name in ("guild", "forum", "web"):
            if name in made:
                await made[name].close()
        if "pictures" in made:
            self.pictures.close()
        if "database" in made:
            await self.database.close()

    @cached_property
    def registry(self) -> Registry:
        """The commands."""
        return registry()

    @cached_property
    def help(self) -> HelpPages:
        """Their help."""
        return HelpPages(self.registry, self.settings.command_prefix)

    @cached_property
    def shelf(self) -> Models:
        """The models that there are."""
        settings = self.settings
        return Models(settings.model_path, settings.models, data=settings.ratings, members=lambda: self.ratings)

    @property
    def films(self) -> engine.Recommender:
        """The model that answers just now; StartError names a file that is not one of ours."""
        return self.shelf.films

    @cached_property
    def trainings(self) -> "Trainer":
        """What trains for members."""
        from bot.trainer import Trainer

        return Trainer(self.settings.ratings, self.settings.training, self.ratings)

    @cached_property
    def kernels(self) -> engine.Demo:
        """The convolution demo."""
        return engine.Demo()

    @cached_property
    def inside(self) -> "Inside":
        """What looks inside the model, works sums out, and finds source code."""
        from bot.inside import Inside

        return Inside(lambda: self.films)

    @cached_property
    def places(self) -> Mapping[Place, Callable[[], Platform]]:
        """Where the group is at home, and how to come by the platform."""
        places: dict[Place, Callable[[], Platform]] = {THREAD: lambda: self.web}
        if self.settings.discourse_url:
            places[Place(platform="discourse", id=f"category/{self.settings.discourse_category_id}")] = lambda: (
                self.forum
            )
        if self.settings.discord_channel_id:
            places[Place(platform="discord", id=str(self.settings.discord_channel_id))] = lambda: self.guild
        return places

    @cached_property
    def forum(self) -> "Discourse":
        """The group's forum, where it has one."""
        from bot.forum import forum
        from bot.ledger import Ledger

        return forum(
            self.settings,
            Ledger(self.database, "discourse"),
            self.clock,
            Random(),  # noqa: S311 - it spreads retries, and guards nothing
            line=self._line,
            report=self.troubles.of("discourse"),
        )

    @cached_property
    def guild(self) -> "Discord":
        """The group's Discord server, where it has one."""
        from bot.guild import guild

        return guild(
            self.settings,
            self.database,
            self.clock,
            Random(),  # noqa: S311 - it spreads retries, and guards nothing
            commands=self.registry,
            line=self._line,
            complete=self.completion.values,
            report=self.troubles.of("discord"),
        )

    @cached_property
    def weekly(self) -> "Weekly":
        """The running week, with the places it is talked about in."""
        from bot.weekly import Weekly

        return Weekly(
            self.settings,
            self.database,
            self.notebook,
            places=self.places,
            clock=self.clock,
            chance=Random(),  # noqa: S311 - it spreads retries, and guards nothing
            changed=self._week_changed,
        )

    @property
    def week(self) -> "Pages":
        """The page of the notebook that it is, by the programme in force."""
        return self.weekly.pages

    @property
    def quiz(self) -> "Questions":
        """The questionnaires."""
        return self.weekly.questions

    @property
    def steering(self) -> "Host":
        """What the week is steered with."""
        return self.weekly.host

    @cached_property
    def workers(self) -> "Workers":
        """Processes for what takes long."""
        from bot.workers import Workers

        return Workers(TASKS)

    @cached_property
    def troubles(self) -> "Troubles":
        """What does not work just now."""
        from bot.health import Troubles

        return Troubles(self.clock.now)

    @cached_property
    def metrics(self) -> "Metrics":
        """What is counted."""
        from bot.health import Metrics

        return Metrics()

    @cached_property
    def pictures(self) -> "Pictures":
        """The drawing thread and its cache, beside the database."""
        from bot.pictures import Pictures

        folder = self.settings.folder / "pictures"
        return Pictures(folder, engine.plots.draw, str(engine.plots.VERSION), observe=self._picture)

    @cached_property
    def completion(self) -> Completion:
        """What could come next while somebody types."""
        words = {**completers(self, self.kernels, self.registry, ATTACHED), **listed(cast("Lists", self))}
        return Completion(self.registry, self.settings.command_prefix, words)

    @cached_property
    def web(self) -> "Web":
        """The local thread."""
        from bot.checkup import running
        from bot.forum import doors
        from bot.health import livez, readyz
        from bot.kernel_page import listed
        from bot.platforms.web import Web
        from bot.posts import Posts

        return Web(
            Posts(self.database),
            complete=self.completion.line,
            picture=self.pictures.png,
            now=self.clock.now,
            person=LOCAL,
            host=self.settings.web_host,
            port=self.settings.web_port,
            public_url=str(self.settings.public_url or ""),
            prefix=self.settings.command_prefix,
            pages={
                "/livez": livez,
                "/readyz": readyz(running(cast("Examined", self))),
                "/metrics": self.metrics.page,
                "/calendar.ics": self.weekly.calendar,
                "/kernels.json": listed(self.kernels),
            },
            doors=doors(self.settings, self.clock, lambda: self.forum, self.troubles.of("discourse")),
            week=self.weekly.overview,
            examples=[self.settings.command_prefix + line for line in WELCOME],
        )

    def _week_changed(self) -> None:
        """Tell open pages, where there are any."""
        if "web" in vars(self):
            self.web.changed()

    def _picture(self, result: str, seconds: float) -> None:
        """Count a picture, where anything is counted: the command line does without."""
        if "metrics" in vars(self):
            self.metrics.picture(result, seconds)

    @cached_property
    def _dispatch(self) -> Dispatch:
        return Dispatch(registry=self.registry, theirs=(engine.InputError,))

    @cached_property
    def examination(self) -> "dict[str, Check]":
        """What `doctor` looks at."""
        from bot.checkup import examined

        return examined(cast("Examined", self))

    def context(self, person: Person, place: Place, attached: bytes = b"") -> Context:
        """What a command called by `person` in `place` may use; `attached` is the picture on the post."""
        # pyright does not see through cached_property when it compares with a Protocol; `_parts` makes it.
        parts, home = cast("Parts", self), self._home(place)
        now, prefix = self.clock.now(), self.settings.command_prefix
        return Context(person=person, place=home, now=now, prefix=prefix, parts=parts, attached=attached)

    def _home(self, place: Place) -> Place:
        """Where the group is at home on a platform: its weeks are threads there, its notebook is kept there."""
        return next((each for each in self.places if each.platform == place.platform), place)

    async def ask(
        self, text: str, *, draw: bool = True, person: Person = LOCAL, progress: Progress = unshown
    ) -> Reply:
        """Answer one line as the command line does, with no platform in between."""
        incoming = Incoming(
            post=PostRef(place=THREAD, id="ask"), person=person, text=text, at=self.clock.now(), direct=True
        )
        dispatch = replace(self._dispatch, draw=self.pictures.png if draw else None)
        context = replace(self.context(person, THREAD), progress=progress)
        reply = await dispatch.answer(incoming, context)
        help_line = code(self.settings.command_prefix + "help")
        return reply or Refusal(text=f"There is no command in that. {help_line} lists what I do.")

    async def handle(self, incoming: Incoming, platform: Platform) -> None:
        """Answer a post that a platform hands over, once."""
        await self._answering.handle(incoming, platform)

    @cached_property
    def _answering(self) -> "Answering":
        from bot.answering import Answering

        dispatch = replace(self._dispatch, draw=self.pictures.png, observe=self.metrics.command)
        books, now = (self.inbox, self.unfinished), self.clock.now
        return Answering(*books, dispatch, self.context, showcase=self._showcase, now=now)

    async def serve(self, ready: Callable[[str], None]) -> None:
        """Run until SIGINT or SIGTERM; `ready` is told the thread's address once it answers."""
        from bot.checkup import within

        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        for check in within(cast("Examined", self)).values():
            await check()
        self.pictures.prune()
        await self._answering.recall(place.platform for place in self.places)
        for place in self.places.values():
            await place().listen(partial(self.handle, platform=place()))
        await self.weekly.begin()
        await self.weekly.agenda.materialise(self.clock.now())
        ready(self.web.url)
        async with asyncio.TaskGroup() as tasks:
            beat = tasks.create_task(self.metrics.beat(), name="beat")
            excuse = tasks.create_task(self._excuse(), name="excuse")
            tasks.create_task(self.weekly.run(), name="week")
            tasks.create_task(self.pictures.warm(lambda: import_module("engine.plots.charts")), name="warm")
            await stop.wait()
            self.weekly.stop()
            beat.cancel()
            excuse.cancel()

    async def _excuse(self) -> None:
        for place in self.places.values():
            await self._answering.excuse(place())

    def _line(self, text: str) -> str:
        """The first command of ours in a text, with all that belongs to it; empty where there is none."""
        prefix = self.settings.command_prefix
        found = first(text, self.registry, prefix)
        return f"{prefix}{found.word} {found.rest}".strip() if found and self.registry.get(found.word) else ""

    async def _showcase(self, incoming: Incoming) -> None:
        """Keep the links to members' own blogs that a post holds."""
        addresses = found(incoming.text)
        week = await self.week.session(self.clock.now()) if addresses else None
        if week is not None:
            place = self._home(incoming.post.place)
            await self.notebook.blogs.found(place, week.key, incoming.person, addresses, self.clock.now())


if TYPE_CHECKING:

    def _parts(  # pyright: ignore[reportUnusedFunction] - a check
        app: App,
    ) -> tuple[tuple[Films, Kernels, Ratings, Help, Notes, Week, Steering], tuple[Trainings, Shelf, Quiz]]:
        one = app.films, app.kernels, app.ratings, app.help, app.notebook, app.week, app.steering
        return one, (app.trainings, app.shelf, app.quiz)
