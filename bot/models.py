"""The loaded model, and how another takes its place without a restart."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import engine
from bot.errors import StartError, UserError
from bot.shelf import Shelved
from bot.trainings import LEAST
from bot.values import code, escape
from bot.workers import Workers

SHIPPED = "the model that ships with the bot"
SUFFIX = ".safetensors"
REFITTED = "group.safetensors"
"""The file that is learnt anew, in the folder of models."""
TASKS = {"refit": "engine.refit:run"}
SECONDS = 900.0  # some fifteen times what MovieLens 100K takes


class Members(Protocol):
    """The members' own ratings."""

    async def of_everybody(self, least: int) -> Sequence[Mapping[str, float]]:
        """Of everybody with so many ratings: title → stars, without a name."""
        ...


class Models:
    """Fulfils `bot.shelf.Shelf`. `path` is the model to begin with, `folder` where others may be loaded from.

    Another model is read and asked something before it takes the first one's place; whoever has the first in hand
    keeps it. What is loaded holds until the next start. It is learnt anew from `data` and the `members`' ratings.
    """

    def __init__(
        self,
        path: Path | None,
        folder: Path,
        *,
        data: Path | None = None,
        members: Callable[[], Members] | None = None,
        tasks: Mapping[str, str] = TASKS,
    ) -> None:
        self._path, self._folder = path, folder
        self._data, self._members = data, members
        self._workers, self._refitting = Workers(tasks, seconds=SECONDS), False
        self._films: engine.Recommender | None = None
        self._turn = asyncio.Lock()
        self._since: datetime | None = None

    @property
    def films(self) -> engine.Recommender:
        """The model that answers; StartError names a file that is not one of ours."""
        if self._films is None:
            try:
                self._films = engine.load(self._path)
            except engine.FileError as problem:
                raise StartError(f"The model cannot be loaded (MODEL_PATH). {problem}") from problem
        return self._films

    @property
    def current(self) -> Shelved:
        """The model that answers."""
        return Shelved(name=self._path.name if self._path else SHIPPED, since=self._since)

    @property
    def path(self) -> str:
        """Where the model that answers comes from, for whoever runs the bot."""
        return str(self._path or SHIPPED)

    @property
    def folder(self) -> str:
        """The folder that models may be loaded from."""
        return str(self._folder)

    @property
    def files(self) -> tuple[str, ...]:
        """The model files in the folder."""
        try:
            return tuple(sorted(path.name for path in self._folder.iterdir() if path.suffix == SUFFIX))
        except OSError:
            return ()

    async def load(self, name: str, now: datetime) -> None:
        """Answer from that file of the folder from now on; UserError says why not."""
        await self._replace(self._inside(name), now)

    async def reload(self, now: datetime) -> None:
        """Read the file that answers again; UserError says why it cannot be."""
        await self._replace(self._path, now)

    async def refit(self, tell: Callable[[float], Awaitable[None]], now: datetime) -> int:
        """Learn anew, in a process of its own, and answer from that; of how many members it was."""
        people = await self._members().of_everybody(LEAST) if self._members else ()
        if not people:
            raise UserError(f"Nobody has rated {LEAST} films or more yet, so there is nothing new to learn.")
        if self._refitting:
            raise UserError("I am learning anew already.")

        async def told(said: Mapping[str, Any]) -> None:
            await tell(said["done"])

        # The process has another working folder than we may have.
        data = str(self._data.absolute()) if self._data else ""
        out = self._folder.absolute() / REFITTED
        self._refitting = True
        try:
            await self._workers.run("refit", told, data=data, people=people, out=str(out))
        finally:
            self._refitting = False
        await self._replace(self._folder / REFITTED, now)
        return len(people)

    def _inside(self, name: str) -> Path:
        """The file of that name, where it lies in the folder: also by way of links."""
        folder = self._folder.resolve()
        try:
            path = (folder / name).resolve()
        except (OSError, ValueError, RuntimeError) as problem:  # a name that no file can have, links in a circle
            raise UserError(f"{code(name[:80])} is no name of a file.") from problem
        if not path.is_relative_to(folder):
            raise UserError(f"I load models from {code(self.folder)} alone, and {code(name[:80])} is not in it.")
        return path

    async def _replace(self, path: Path | None, now: datetime) -> None:
        async with self._turn:
            try:
                films = await asyncio.to_thread(_checked, path)
            except engine.FileError as problem:
                name = path.name if path else SHIPPED
                raise UserError(
                    f"{code(name[:80])} cannot be used: {escape(problem.reason)}. "
                    f"I go on with {code(self.current.name)}."
                ) from problem
            self._films, self._path, self._since = films, path, now


def _checked(path: Path | None) -> engine.Recommender:
    """The model, once it has answered: that makes ready what the first question would have to wait for."""
    films = engine.load(path)
    title = films.titles[0]
    films.find(title)
    films.similar(title)
    films.film(title)
    films.predict(title, {title: 5.0})
    films.recommend({title: 5.0})
    return films
