"""Notebooks as a reader has them, made here: our own words in every shape that the real ones come in."""

import json
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

BOOK = (33, 27, 18, 37, 23, 17, 14, 31, 30, 22, 15, 39, 40, 22, 18, 27, 40, 13, 34)
"""How many questions each chapter of the book asks."""


def cell(text: str, kind: str = "markdown", *, whole: bool = False) -> dict[str, Any]:
    """A cell, its source a list of lines as most have it, or one string."""
    return {"cell_type": kind, "metadata": {}, "source": text if whole else text.splitlines(keepends=True)}


def notebook(*cells: dict[str, Any], minor: int = 4) -> bytes:
    """A notebook file."""
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": minor}).encode()


def items(texts: Sequence[str]) -> str:
    """A list as the book writes it: each item is number one."""
    return "\n".join(f"1. {text}" for text in texts)


def asked(chapter: int, count: int) -> list[str]:
    """Questions of a chapter, each another one."""
    return [f"What is fact {number} of part {chapter}?" for number in range(1, count + 1)]


def chapter(number: int, count: int, research: int = 2) -> bytes:
    """A chapter of so many questions, plainly written."""
    return notebook(
        cell("[[chapter_x]]", "raw"),
        cell(f"# Part {number}\n\nProse, and 1. no question."),
        cell("1. a list\n1. that is no questionnaire"),
        cell("## Questionnaire"),
        cell(items(asked(number, count))),
        cell("### Further Research"),
        cell(items([f"Look up thing {each}." for each in range(research)])),
        cell("", "code"),
    )


def packed(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()
