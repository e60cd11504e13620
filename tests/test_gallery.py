"""docs/gallery.md shows what the commands answer: every command of it, its words and its picture's file."""

import pytest

from bot.app import App, registry
from docs.gallery import CHAPTERS, PAGE, PICTURES, entry, name

LINES = [line for lines in CHAPTERS.values() for line in lines]
TRAINED = {
    line for line in LINES if line.startswith(("learn", "train", "compare"))
}  # seconds: its own tests run it


@pytest.mark.parametrize("line", [line for line in LINES if line not in TRAINED])
async def test_the_page_is_up_to_date(app: App, line: str) -> None:
    """`make gallery` would write the same entry; its picture is there."""
    assert entry(line, await app.ask(f"!{line}", draw=False)) in PAGE.read_text(encoding="utf-8")


def test_every_picture_is_shown_and_no_other_is_kept() -> None:
    """One file for each line; none is left over, none is empty."""
    kept = {path.name: path.stat().st_size for path in PICTURES.iterdir()}
    assert {file.rpartition(".")[0] for file in kept} == {name(line, "").rstrip(".") for line in LINES}
    assert all(kept.values())


def test_every_convolution_command_is_in_it() -> None:
    """None is left out."""
    commands = {command.name for command in registry() if command.group == "convolutions"}
    assert commands <= {line.split()[0] for line in LINES}
