"""What is known of films apart from their ratings, as numbers: genres, and how new they are."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.names import split_year


def kinds(genres: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """All genres there are, in the order of the alphabet."""
    return tuple(sorted({genre for each in genres for genre in each}))


def years(titles: Sequence[str]) -> NDArray[np.float64]:
    """The year of each title, (titles,); the usual one where a title tells none, 0 where none does."""
    said = np.array([split_year(title)[1] or np.nan for title in titles], dtype=np.float64)
    return np.where(np.isnan(said), np.nanmedian(said) if np.any(~np.isnan(said)) else 0.0, said)


def film_sides(titles: Sequence[str], genres: Sequence[Sequence[str]]) -> NDArray[np.float64]:
    """A column of 0 and 1 for each genre, then the year and how early it is, (titles, genres + 2).

    Old films are few and well chosen, new ones many: one straight line in the year would not do.
    """
    columns = {genre: place for place, genre in enumerate(kinds(genres))}
    flags = np.zeros((len(titles), len(columns)))
    for row, each in enumerate(genres):
        flags[row, [columns[genre] for genre in each]] = 1
    year = years(titles)
    return np.column_stack([flags, year, np.maximum(year.max() - year - 5, 0) ** 0.5])


def ease_sides(titles: Sequence[str], genres: Sequence[Sequence[str]]) -> NDArray[np.float64]:
    """Each film's kind with length 1 for its genres and 1 for its time, (titles, genres + periods).

    Time is soft: a film belongs to the period of its year and a little to the ones beside it.
    """
    flags, year = film_sides(titles, genres)[:, :-2], years(titles)
    middles = np.arange(year.min() // 4 * 4, year.max() + 4, 4)
    periods = np.exp(-((year[:, None] - middles) ** 2) / (2 * 4**2))
    return np.hstack([_unit(flags), _unit(periods)])


def _unit(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
