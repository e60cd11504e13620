"""Every command, in the order of the help page."""

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
    questions,
    quiz,
    sliding,
    study,
    training,
    week,
)


def registry() -> Registry:
    """All of them."""
    learn = (films, training, kernels, sliding, learning, guess)
    return Registry.of(*learn, plan, week, notebook, quiz, study, admin, questions, chapters, model, about)
