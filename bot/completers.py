# ruff: noqa: D102 - the members of a small Protocol say it by name and type
"""What the completers' names stand for (`bot.command.Arg.complete`): titles, kernels, pictures, commands."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from bot.command import Registry
from bot.completion import Completer


class Titles(Protocol):
    """The catalogue of films."""

    def complete(self, text: str) -> Sequence[str]: ...


class Loaded(Protocol):
    """Who has a model loaded, and may load another."""

    @property
    def films(self) -> Titles: ...


class Kernels(Protocol):
    """The convolution demo."""

    @property
    def catalogue(self) -> Mapping[str, Any]: ...
    @property
    def images(self) -> Sequence[str]: ...


def completers(loaded: Loaded, kernels: Kernels, registry: Registry, attached: str) -> Mapping[str, Completer]:
    """Each by its name. `attached` is the word for the picture on a post."""
    return {
        "titles": lambda text: loaded.films.complete(text),
        "kernels": lambda text: _starting(kernels.catalogue, text),
        "images": lambda text: _starting([*kernels.images, attached], text),
        "walks": lambda text: _starting(["dotbias"], text),
        "commands": lambda text: _starting([each.name for each in registry], text),
    }


def _starting(names: Iterable[str], text: str) -> list[str]:
    return [name for name in names if name.startswith(text.casefold())]
