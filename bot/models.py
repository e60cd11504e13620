"""The loaded model, and how another takes its place without a restart."""

import asyncio
from datetime import datetime
from pathlib import Path

import engine
from bot.errors import StartError, UserError
from bot.shelf import Shelved
from bot.values import code, escape

SHIPPED = "the model that ships with the bot"
SUFFIX = ".safetensors"


class Models:
    """Fulfils `bot.shelf.Shelf`. `path` is the model to begin with, `folder` where others may be loaded from.

    Another model is read and asked something before it takes the first one's place; whoever has the first in hand
    keeps it. What is loaded holds until the next start.
    """

    def __init__(self, path: Path | None, folder: Path) -> None:
        self._path, self._folder = path, folder
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
