"""In which order questions are asked: no chapter three times running where another has some."""

from collections.abc import Iterable, Mapping, Sequence

from bot.questionnaire import Item

RUNNING = 2
"""So often at most one chapter after the other."""


def mixed(items: Iterable[Item], count: int) -> list[Item]:
    """The first `count` of them in their order, but for what has to wait so that chapters take turns."""
    waiting, taken = list(items), list[Item]()
    while waiting and len(taken) < count:
        chapters = [each.chapter for each in taken]
        fits = (place for place, each in enumerate(waiting) if not tires(chapters, each.chapter))
        taken.append(waiting.pop(next(fits, 0)))
    return taken


def tires(before: Sequence[int], chapter: int) -> bool:
    """Whether that chapter would now come once too often."""
    return len(before) >= RUNNING and all(each == chapter for each in before[-RUNNING:])


def prompt(items: Sequence[Item], asked: Sequence[tuple[int, int]], recall: Mapping[int, float]) -> Item | None:
    """What to ask the group next; None rather than one chapter three times running, however long ago those were.

    `asked`: question and chapter of each prompt so far, the oldest first.

    A question that was never put to the group comes before any that was; among those, what the members would
    recall the least, or have never been asked, comes first. Chapters take turns, the newest first.
    """
    times = {item: place for place, (item, _) in enumerate(asked)}
    chapters = [chapter for _, chapter in asked]
    fresh = [each for each in items if not tires(chapters, each.chapter)]

    def rank(item: Item) -> tuple[int, float, int, int]:
        turns = chapters.count(item.chapter)
        return times.get(item.number, -1), recall.get(item.number, 0.0), turns, -item.chapter

    return min(fresh, key=rank, default=None)
