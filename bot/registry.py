"""Every command there is."""

from bot.command import Registry
from bot.commands import (
    about,
    admin,
    chapters,
    films,
    guess,
    kernels,
    learning,
    model,
    notebook,
    plan,
    sliding,
    training,
    week,
)


def registry() -> Registry:
    """Every command, in the order of the help page."""
    return Registry.of(
        films,
        training,
        kernels,
        sliding,
        learning,
        guess,
        plan,
        week,
        notebook,
        admin,
        chapters,
        model,
        about,
    )
