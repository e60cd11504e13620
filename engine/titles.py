"""From what a person types to a film title: exact names first, then the nearest spelling.

Sure, or honest about it: an answer without asking back needs a score of 85, a lead of 8 over the second film, a
name of some length, and the same numbers in the query as in the title. Everything else comes back as candidates to
choose from.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from engine.names import article_first, key, names, numbers, plain, split_year, without_article

LONGEST_QUERY = 200
"""Characters of a query that are read; no title is longer, and nobody waits for a pasted essay."""
SURE, LEAD, FLOOR, FAR = 85.0, 8.0, 60.0, 25.0
"""Scores: enough to answer, ahead of the second, worth asking about; and how far behind the first that ends."""
LONG_ENOUGH = 7
"""Letters: of a shorter name one wrong letter makes another film. Argo is not Fargo, Babel is not Babe."""
_BARE_YEAR = re.compile(r"^(.*\S)\s+((?:18|19|20)\d\d)$")


@dataclass(frozen=True)
class Found:
    """What a query means: one title when sure, else the nearest, best first.

    `score` runs from 0 to 100. Below 60 the near titles are only the nearest there are, not likely to be meant.
    """

    title: str | None
    near: tuple[str, ...]
    score: float

    @property
    def known(self) -> bool:
        """The query names a film or is close to some: `near` is worth asking about."""
        return self.score >= FLOOR


@dataclass(frozen=True, eq=False)
class TitleIndex:
    """All titles, and how often each was rated, which decides between equals. Indexed when first asked."""

    titles: Sequence[str]
    counts: Sequence[int]

    def find(self, query: str) -> Found:
        """The film a person means by `query`."""
        query = query[:LONGEST_QUERY].strip()
        row = self._written.get(query.casefold())
        if row is not None:
            return Found(self.titles[row], (), 100.0)
        name, year = split_year(query)
        name = article_first(name)
        if year is None and not self._rows(name) and (bare := _BARE_YEAR.match(name)):
            name, year = article_first(bare[1]), int(bare[2])
        rows = self._rows(name)
        dated = [row for row in rows if year in (None, self._years[row])]
        if len(dated) == 1:
            return Found(self.titles[dated[0]], (), 100.0)
        if dated:  # the same name in several years
            return Found(None, self._popular(dated)[:5], 100.0)
        return self._nearest(key(name), year)

    def complete(self, text: str, limit: int = 25) -> tuple[str, ...]:
        """Titles for the letters typed so far, the most rated first; a misspelt beginning gives the nearest."""
        typed = plain(text[:LONGEST_QUERY])
        if not typed:
            return tuple(title for title, _ in self._searchable[:limit])
        start, words = f" {typed}", [f" {word}" for word in typed.split()]
        holding = [film for film in self._searchable if start in film[1]]
        fitting = sorted(holding, key=lambda film: not (film[1].startswith(start) or f"|{start}" in film[1]))
        if len(fitting) < limit and len(words) > 1:
            scattered = self._searchable
            for word in words:
                scattered = [film for film in scattered if word in film[1]]
            fitting += [film for film in scattered if film not in holding]
        if fitting:
            return tuple(title for title, _ in fitting[:limit])
        found = self.find(text)
        return ((found.title,) if found.title else found.near if found.score >= SURE else ())[:limit]

    def _rows(self, name: str) -> list[int]:
        """Films that are called exactly that, whole names before pieces: `Crow` is not `Crow: City of Angels`."""
        asked = key(name)
        for known in (self._whole, self._pieces):
            rows = known.get(asked) or known.get(without_article(asked))
            if rows:
                return rows
        return []

    def _popular(self, rows: Iterable[int]) -> tuple[str, ...]:
        return tuple(self.titles[row] for row in sorted(rows, key=lambda row: -self.counts[row]))

    def _nearest(self, asked: str, year: int | None) -> Found:
        """The fuzzy road: 25 candidates by rapidfuzz's WRatio, scored again with what it does not look at."""
        if not asked:
            return Found(None, self._popular(range(len(self.titles)))[:3], 0.0)
        # Imported here: 60 ms that neither the start nor an exact name should pay for.
        from rapidfuzz import fuzz, process

        scores: dict[int, float] = {}
        asked = without_article(asked)
        for name, ratio, _ in process.extract(asked, self._keys, scorer=fuzz.WRatio, limit=25):
            likeness = (ratio + fuzz.ratio(asked, name)) / 2
            likeness += 8 * _begins(name, asked)
            likeness += 5 * set(asked.split()).issubset(name.split())
            for known, handicap in ((self._whole, 0.0), (self._pieces, LEAD)):
                for row in known.get(name, ()):
                    score = likeness - handicap + 6 * (year is not None and year == self._years[row])
                    scores[row] = max(score, scores.get(row, 0.0))
        ranked = sorted(scores, key=lambda row: (-scores[row], -self.counts[row]))
        best = ranked[0]
        score = min(scores[best], 100.0)
        lead = scores[best] - scores[ranked[1]] if len(ranked) > 1 else score
        sure = scores[best] >= SURE and lead >= LEAD and len(asked) >= LONG_ENOUGH
        if sure and self._same_numbers(best, asked, year):
            return Found(self.titles[best], (), score)
        likely = [row for row in ranked if scores[row] >= max(FLOOR, scores[best] - FAR)][:5]
        return Found(None, tuple(self.titles[row] for row in max(likely, ranked[:3], key=len)), score)

    def _same_numbers(self, row: int, asked: str, year: int | None) -> bool:
        """The numbers asked for are the film's: Terminator 7 is not Terminator, Robocop is not Robocop 3."""
        if year is not None and year != self._years[row]:
            return False
        said = numbers(asked) - {str(self._years[row])}
        return any(numbers(name) == said for name, _ in names(self.titles[row]))

    @cached_property
    def _written(self) -> dict[str, int]:
        return {title.casefold().strip(): row for row, title in enumerate(self.titles)}

    @cached_property
    def _years(self) -> list[int | None]:
        return [split_year(title)[1] for title in self.titles]

    @cached_property
    def _named(self) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
        """Key → rows, for whole names and for the pieces around a colon."""
        whole: dict[str, list[int]] = {}
        pieces: dict[str, list[int]] = {}
        for row, title in enumerate(self.titles):
            for name, is_whole in names(title):
                rows = (whole if is_whole else pieces).setdefault(name, [])
                if row not in rows:
                    rows.append(row)
        return whole, pieces

    @property
    def _whole(self) -> dict[str, list[int]]:
        return self._named[0]

    @property
    def _pieces(self) -> dict[str, list[int]]:
        return self._named[1]

    @cached_property
    def _keys(self) -> list[str]:
        return list(dict.fromkeys([*self._whole, *self._pieces]))

    @cached_property
    def _searchable(self) -> list[tuple[str, str]]:
        """Titles by popularity, each with its words: as written, then as a key (so that 12 finds Twelve)."""
        by_count = sorted(range(len(self.titles)), key=lambda row: -self.counts[row])
        return [
            (title, f" {plain(title)} | {key(article_first(split_year(title)[0]))}")
            for title in (self.titles[row] for row in by_count)
        ]


def _begins(name: str, asked: str) -> bool:
    """Whole words or six letters: Brave is not Braveheart, but `monty python` begins both films of theirs."""
    return f"{name} ".startswith(f"{asked} ") or (len(asked) >= 6 and name.startswith(asked))
