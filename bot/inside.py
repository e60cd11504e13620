"""What the commands that look inside use, each part made when first asked for."""

from collections.abc import Callable
from functools import cached_property

import engine
from bot.sources import Sources


class Inside:
    """Insight into whichever model `films` gives just now, arithmetic, and source code."""

    def __init__(self, films: Callable[[], engine.Recommender]) -> None:
        self._films = films
        self._insight: engine.Insight | None = None

    @property
    def insight(self) -> engine.Insight:
        """The inside of the loaded model; another one after another model was loaded."""
        films = self._films()
        if self._insight is None or self._insight.films is not films:
            self._insight = engine.Insight(films)
        return self._insight

    @cached_property
    def arithmetic(self) -> engine.Arithmetic:
        """Sums on what people type."""
        return engine.Arithmetic()

    @cached_property
    def sources(self) -> Sources:
        """Code that may be looked at."""
        return Sources()
