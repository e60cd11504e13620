"""Our own questions, with answers in our own words: `bot/data/questions.toml`."""

import tomllib
from functools import cache
from pathlib import Path

from bot.questionnaire import Draft

FILE = Path(__file__).parents[1] / "data" / "questions.toml"


@cache
def bank() -> tuple[Draft, ...]:
    """All of them, numbered within their chapters."""
    drafts: list[Draft] = []
    for each in tomllib.loads(FILE.read_text(encoding="utf-8"))["questions"]:
        number = sum(draft.chapter == each["chapter"] for draft in drafts) + 1
        drafts.append(
            Draft(
                chapter=each["chapter"],
                number=number,
                text=" ".join(each["text"].split()),
                kind=each.get("kind", "recall"),
                answer=" ".join(each.get("answer", "").split()),
                show=each.get("show", ""),
            )
        )
    return tuple(drafts)
