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
    notebook,
    plan,
    questions,
    quiz,
    sliding,
    study,
    week,
)


def registry() -> Registry:
    """All of them."""
    learn = (films, kernels, sliding, learning, guess)
    return Registry.of(*learn, plan, week, notebook, quiz, study, admin, questions, chapters, about)
