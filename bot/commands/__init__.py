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
    layers,
    learning,
    maps,
    model,
    nearness,
    notebook,
    pixels,
    plan,
    predicting,
    questions,
    quiz,
    sliding,
    source,
    study,
    taste,
    training,
    week,
)


def registry() -> Registry:
    """Every command, in the order of the help page."""
    inside = (predicting, interpreting, nearness, maps, source)
    convolutions = (kernels, sliding, pixels, layers, learning, guess)
    return Registry.of(
        *(films, taste, training, model, *inside, arithmetic, *convolutions),
        *(plan, week, notebook, quiz, study, admin, questions, chapters, about),
    )
