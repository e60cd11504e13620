"""The commands, one function each, a module for each subject."""

from bot.command import Registry
from bot.commands import (
    about,
    admin,
    arithmetic,
    chapters,
    films,
    guess,
    interpreting,
    kernels,
    learning,
    maps,
    nearness,
    notebook,
    plan,
    predicting,
    source,
    week,
)


def registry() -> Registry:
    """Every command, in the order of the help page."""
    inside = (predicting, interpreting, nearness, maps, source)
    return Registry.of(
        films, *inside, arithmetic, kernels, learning, guess, plan, week, notebook, admin, chapters, about
    )
