"""How places of Discord are named: a channel, a thread and a direct conversation are all channels, by their id."""

from bot.errors import Refused
from bot.values import Place

NAME = "discord"


def channel(number: int) -> Place:
    """The place of a channel or thread."""
    return Place(platform=NAME, id=str(number))


def number_of(place: Place) -> int:
    """The channel's id; Refused for a place that is none of Discord's."""
    if place.platform != NAME or not place.id.isdecimal():
        raise Refused(f"Discord has no place {place.id!r}")
    return int(place.id)
