"""How well and how fast a typed title is understood, beside plain rapidfuzz, on the catalogue that is shipped.

    python -m benchmarks.titles [--titles 300] [--seed 1]

Queries are made from titles the way people get them wrong. *top 1* and *top 3*: the right film is the answer, or
among the first three offered. *sure*: answered without asking back; *wrong*: the share of those that were wrong.
"""

import argparse
import random
import re
import statistics
import string
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process, utils

import engine
from engine.names import article_first, plain, split_year

# fmt: off
ABSENT = (
    "The Matrix", "Inception", "Interstellar", "Avatar", "Gladiator", "Memento", "Amélie", "Spirited Away",
    "Finding Nemo", "Shrek", "Up", "Her", "Frozen", "Joker", "Parasite", "Dune", "Whiplash", "Moonlight",
    "La La Land", "Get Out", "Black Panther", "Iron Man", "The Dark Knight", "Fight Club",
    "American Beauty", "The Sixth Sense", "Toy Story 2", "Toy Story 3", "Terminator 3", "Terminator 7",
    "Die Hard 4", "Jurassic World", "Star Wars: Episode I", "Home Alone 2", "The Lord of the Rings",
    "Harry Potter", "The Departed", "Inside Out", "Coco", "Ratatouille", "Wall-E", "The Social Network",
    "Slumdog Millionaire", "Django Unchained", "Skyfall", "Blade Runner 2049", "Mad Max: Fury Road",
    "Mission: Impossible 2", "Scream 3", "Jaws 4", "Brave", "Cars", "Drive", "1917", "300", "It", "Us",
    "Once", "Taken", "Lost in Translation",
)
# fmt: on
"""Films of later years: the right answer is a question."""

Answer = tuple[list[str], bool]
"""Titles, best first, and whether the first would be taken without asking."""


@dataclass
class Tally:
    """How one method did on one kind of query."""

    asked: int = 0
    first: int = 0
    third: int = 0
    sure: int = 0
    wrong: int = 0
    seconds: list[float] = field(default_factory=list[float])

    def add(self, answer: Answer, title: str, seconds: float) -> None:
        """Count one answer."""
        titles, sure = answer
        self.asked += 1
        self.first += titles[:1] == [title]
        self.third += title in titles[:3]
        self.sure += sure
        self.wrong += sure and titles[0] != title
        self.seconds.append(seconds)

    def row(self, *names: str) -> str:
        """One line of the table."""
        shares = (self.first / self.asked, self.third / self.asked, self.sure / self.asked)
        wrong = self.wrong / self.sure if self.sure else 0.0
        times = (statistics.median(self.seconds) * 1e3, max(self.seconds) * 1e3)
        cells = [*names, str(self.asked), *(f"{share:.1%}" for share in shares), f"{wrong:.2%}"]
        return f"| {' | '.join([*cells, *(f'{time:.2f}' for time in times)])} |"


def typo(text: str, chance: random.Random) -> str:
    """One letter too many, too few, wrong, or two in the wrong order; never the first, which people get right."""
    at = chance.randrange(1, len(text) - 1) if len(text) > 2 else 0
    letter = chance.choice(string.ascii_lowercase)
    return chance.choice(
        [
            text[:at] + letter + text[at:],
            text[:at] + text[at + 1 :],
            text[:at] + letter + text[at + 1 :],
            text[:at] + text[at : at + 2][::-1] + text[at + 2 :],
        ]
    )


def swapped(words: list[str], chance: random.Random) -> list[str]:
    """Two neighbouring words the other way round."""
    at = chance.randrange(len(words) - 1)
    return [*words[:at], words[at + 1], words[at], *words[at + 2 :]]


def without_one(words: list[str], chance: random.Random) -> list[str]:
    """One word forgotten."""
    at = chance.randrange(len(words))
    return words[:at] + words[at + 1 :]


def queries(title: str, chance: random.Random) -> Iterator[tuple[str, str]]:
    """Kind and query: how people write this title."""
    written, year = split_year(title)
    name = article_first(re.sub(r"\s*\([^()]*\)", "", written))
    words = plain(name).split()
    yield "no year", name
    yield "small letters", plain(name)
    yield "article last, no year", written
    if words[0] in ("the", "a", "an") and len(words) > 1:
        yield "no article", " ".join(words[1:])
    yield "one slip", typo(name, chance)
    if len(name) >= 8:
        yield "two slips", typo(typo(name, chance), chance)
    if year:
        yield "one slip, bare year", f"{typo(name, chance)} {year}"
    if len(words) >= 3:
        yield "words swapped", " ".join(swapped(words, chance))
        yield "a word left out", " ".join(without_one(words, chance))
    if len(words) >= 4:
        yield "first half", " ".join(words[: len(words) // 2 + 1])


def main() -> None:
    """Ask everything of both, and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--titles", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    chance = random.Random(asked.seed)  # noqa: S311 - for a benchmark, not for secrets
    films = engine.load()
    began = time.perf_counter()
    films.find("a first query, which builds the index and loads rapidfuzz")
    first = time.perf_counter() - began

    def ours(query: str) -> Answer:
        found = films.find(query)
        return ([found.title], True) if found.title else (list(found.near), False)

    def wratio(query: str, processor: Callable[[str], str] | None = None) -> Answer:
        best = process.extract(query, films.titles, scorer=fuzz.WRatio, processor=processor, limit=3)
        return [title for title, _, _ in best], best[0][1] >= 85

    methods: dict[str, Callable[[str], Answer]] = {
        "ours": ours,
        "WRatio": wratio,
        "WRatio, default_process": lambda query: wratio(query, utils.default_process),
    }
    tallies: dict[tuple[str, str], Tally] = {}
    for title in chance.sample(films.titles, min(asked.titles, len(films.titles))):
        for kind, query in queries(title, chance):
            for method, answer in methods.items():
                began = time.perf_counter()
                given = answer(query)
                seconds = time.perf_counter() - began
                for name in (kind, "**all**"):
                    tallies.setdefault((name, method), Tally()).add(given, title, seconds)
    strangers = [films.find(title) for title in ABSENT]
    taken = [found.title for found in strangers if found.title]
    print(f"{len(films.titles)} titles; the first query takes {first * 1e3:.0f} ms.\n")
    print("| query | method | asked | top 1 | top 3 | sure | wrong | median ms | worst ms |")
    print("|---|---|---|---|---|---|---|---|---|")
    for (kind, method), tally in sorted(tallies.items(), key=lambda item: (item[0][0] == "**all**", item[0][0])):
        print(tally.row(kind, method))
    print(f"\nOf {len(ABSENT)} films that are not in the catalogue, {len(taken)} were taken for one: {taken}")


if __name__ == "__main__":
    main()
