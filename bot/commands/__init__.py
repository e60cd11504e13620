"""The commands, one function each, in a module for what they are about."""

from bot.commands import (
    about,
    admin,
    chapters,
    films,
    guess,
    kernels,
    layers,
    learning,
    model,
    notebook,
    pixels,
    plan,
    sliding,
    training,
    week,
)

MODULES = (
    *(films, training),
    *(kernels, sliding, pixels, layers, learning, guess),
    *(plan, week, notebook, admin, chapters, model, about),
)
"""Every module of commands, in the order of the help page."""
