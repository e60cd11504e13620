"""The reading plan of a group: who meets when, which chapters they read, and what is said around it.

`load` reads a host's file and checks it to the line, `changed` adds what admins decided since, and
`Programme.upcoming` says what is posted and when; `bot.messages` says how it reads.
"""

from bot.programme.changes import Changes, Rhythm, changed
from bot.programme.fitting import Misfit, fitted, in_words, without
from bot.programme.plan import (
    CHANGED,
    OPENING,
    PROPOSAL,
    QUESTIONNAIRE,
    QUESTIONS,
    VOTED,
    Chapter,
    Meeting,
    Programme,
    ProgrammeError,
)
from bot.programme.reading import EXAMPLE, load, parse
from bot.programme.week import Slot, Week, week
from bot.programme.wording import BLOCKS, TEMPLATES, WORDS, Template

__all__ = [
    "BLOCKS",
    "CHANGED",
    "EXAMPLE",
    "OPENING",
    "PROPOSAL",
    "QUESTIONNAIRE",
    "QUESTIONS",
    "TEMPLATES",
    "VOTED",
    "WORDS",
    "Changes",
    "Chapter",
    "Meeting",
    "Misfit",
    "Programme",
    "ProgrammeError",
    "Rhythm",
    "Slot",
    "Template",
    "Week",
    "changed",
    "fitted",
    "in_words",
    "load",
    "parse",
    "week",
    "without",
]
