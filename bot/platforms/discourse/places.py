"""The forum's places: `topic/12`, which a private message is too, and `category/5`, in which topics are opened."""

import re

from bot.errors import Refused
from bot.values import Place

NAME = "discourse"
TOPIC, CATEGORY = "topic", "category"

_PLACE = re.compile(rf"({TOPIC}|{CATEGORY})/([1-9][0-9]{{0,17}})")


def topic(number: int) -> Place:
    """The place that is a topic."""
    return Place(platform=NAME, id=f"{TOPIC}/{number}")


def category(number: int) -> Place:
    """The place that is a category."""
    return Place(platform=NAME, id=f"{CATEGORY}/{number}")


def where(place: Place) -> tuple[str, int]:
    """`topic` or `category`, and its number; Refused for what is no place of the forum."""
    found = _PLACE.fullmatch(place.id) if place.platform == NAME else None
    if found is None:
        raise Refused(f"the forum has no place {place.id!r} of {place.platform}")
    return found[1], int(found[2])


def number_of(place: Place, kind: str) -> int:
    """The number of a place of that kind; Refused for one of another kind."""
    found, number = where(place)
    if found != kind:
        raise Refused(f"{place.id} is no {kind}")
    return number
