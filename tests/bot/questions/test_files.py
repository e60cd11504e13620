"""What a reader's own files hold: every shape that notebooks come in, a book of them, and bad days."""

from pathlib import Path

import pytest

from bot.errors import UserError
from bot.questionnaire import Sheet, kind_of
from bot.questions.files import read, sheets
from tests.bot.questions.sheets import BOOK, asked, cell, chapter, items, notebook, packed


def one(*cells: dict[str, object], name: str = "08_collab.ipynb") -> Sheet:
    """The one sheet of a notebook."""
    (sheet,) = sheets(name, notebook(*cells))
    return sheet


def texts(sheet: Sheet) -> list[str]:
    """Its questions."""
    return [draft.text for draft in sheet.drafts]


HEAD = cell("## Questionnaire")
ASKED = ["What is a bias?", "Why a dot product?"]
SHAPES = {
    "two cells": [HEAD, cell(items(ASKED))],
    "one cell": [cell(f"## Questionnaire\n\n{items(ASKED)}")],
    "one string": [HEAD, cell(items(ASKED), whole=True)],
    "another depth and case": [cell("#### questionnaire"), cell(items(ASKED))],
    "a blank line first": [HEAD, cell(f"\n\n{items(ASKED)}")],
    "prose between": [HEAD, cell("It is fine to look things up.\nReally."), cell(items(ASKED))],
    "a tip between": [HEAD, cell("> tip: do 1. this first"), cell(items(ASKED))],
    "prose above in the same cell": [HEAD, cell(f"Now answer:\n\n{items(ASKED)}")],
    "numbers and brackets": [HEAD, cell(f"1) {ASKED[0]}\n2) {ASKED[1]}")],
    "over two lines": [HEAD, cell("1. What is\n   a bias?\n1. Why a\ndot product?")],
    "two lists": [HEAD, cell(items(ASKED[:1])), cell(items(ASKED[1:]))],
    "a code cell last": [HEAD, cell(items(ASKED)), cell("", "code")],
    "research in its own cell": [HEAD, cell(items(ASKED)), cell("### Further research"), cell("1. Read on.")],
    "research and its list in one": [HEAD, cell(items(ASKED)), cell("### Further Research:\n1. Read on.")],
    "another section last": [HEAD, cell(items(ASKED)), cell("## Wrap up\n1. That was it."), cell("1. Bye.")],
    "twice the same": [HEAD, cell(items([*ASKED, "what is  a *bias*"]))],
    "markup at the end of lines": [HEAD, cell("1. What is a bias?  \n1. Why a <b>dot</b> product?")],
}


@pytest.mark.parametrize("cells", SHAPES.values(), ids=SHAPES)
def test_every_shape_gives_the_same_two(cells: list[dict[str, object]]) -> None:
    """However a notebook writes them, the two questions are found, in order, and nothing else."""
    found = one(*cells)
    assert texts(found) == ASKED
    assert [draft.number for draft in found.drafts] == [1, 2]
    assert found.chapter == 8


def test_what_belongs_to_an_item_stays_with_it() -> None:
    """Indented bullets are its own lines; code keeps its brackets; a cross-reference says where it leads."""
    found = one(
        HEAD,
        cell(
            "1. True or false:\n   - Rows come first\n   * So do `<bos>` tokens\n"
            "1. What does `a*b` in <<loss_plot>> mean?\n1. Why *this* one — at 3×3?\n"
            "1. Both?\n   1. One\n   2. Two"
        ),
    )
    assert texts(found) == [
        "True or false:\n- Rows come first\n- So do `<bos>` tokens",
        "What does `a*b` in “loss_plot” in the notebook mean?",
        "Why *this* one — at 3×3?",
        "Both?\n- One\n- Two",
    ]


def test_the_summary_can_be_compared() -> None:
    """It counts as the host's table does."""
    cells = [
        HEAD,
        cell(items(["Name two.", *asked(8, 30)])),
        cell("## Further Research\n1. A\n1. B\n   - b\n1. C\n1. D"),
    ]
    assert one(*cells).summary == "chapter 8: 31 questions (1 without a question mark), 4 further research"
    assert one(HEAD).summary == "chapter 8: 0 questions; import the full notebook"
    assert one(cell("# The end"), name="20_end.ipynb").summary == "chapter 20: no questionnaire"
    (long,) = sheets("8.csv", f"question,answer\nWhy?,{'a' * 10_000}\nWhat?,{'b' * 1_000}\n".encode())
    assert long.summary == "chapter 8: 2 questions, 1 cut to 1,000 characters"
    assert [(len(draft.answer), draft.answer[-1]) for draft in long.drafts] == [(1_000, "…"), (1_000, "b")]


def test_a_book_in_a_folder_and_in_a_zip(tmp_path: Path) -> None:
    """Chapters come in the order of their numbers, others are left out, the fuller of two wins: 500 in all."""
    files = {f"{n:02}_part.ipynb": chapter(n, count) for n, count in enumerate(BOOK, 1)}
    files |= {"20_end.ipynb": notebook(cell("# Concluding")), "clean/08_part.ipynb": notebook(HEAD)}
    files |= {"app_blog.ipynb": chapter(9, 3), "08_part_edit.ipynb": chapter(8, 99), "01_x.png": b"\x89PNG"}
    files |= {"utils.ipynb": chapter(1, 77)}
    for name, data in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    for found in (read(tmp_path), sheets("book.zip", packed(files))):
        assert [len(sheet.drafts) for sheet in found] == [*BOOK, 0]
        assert sum(len(sheet.drafts) for sheet in found) == 500
        assert [sheet.chapter for sheet in found] == list(range(1, 21))


@pytest.mark.parametrize("minor", [0, 2, 4])
def test_any_minor_version(minor: int) -> None:
    """Notebooks of format 4.0, 4.2 and 4.4 are read."""
    (sheet,) = sheets("1.ipynb", notebook(HEAD, cell(items(ASKED)), minor=minor))
    assert texts(sheet) == ASKED


def test_orders_are_tasks() -> None:
    """The first word tells something to do from something to recall."""
    assert [kind_of(text) for text in ("Write it", "Draw one?", "`Run` this", "Runs it?", "Name two", "Why?")] == [
        *["task"] * 3,
        *["recall"] * 3,
    ]


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("8.ipynb", b"<html>", "not JSON"),
        ("8.ipynb", b"[1, 2]", "no cells"),
        ("8.ipynb", b'{"cells": 3}', "no cells"),
        ("8.ipynb", b"[" * 100_000, "not JSON"),
        ("8.ipynb", b"\xff\xfe\x00", "not UTF-8"),
        ("8.png", b"x", "how to read"),
        ("q.csv", b"\n\n", "0 questions"),
        ("deck.txt", b"", "0 questions"),
        ("book.zip", b"PK\x03\x04 and no more", "no zip"),
        ("book.zip", packed({}), "no file has a number"),
        ("book.zip", packed({"notes.md": b"a", "utils.ipynb": b"{}"}), "no file has a number"),
    ],
)
def test_what_cannot_be_read_is_said(name: str, data: bytes, says: str) -> None:
    """Each refusal is a sentence."""
    with pytest.raises(UserError, match=says):
        sheets(name, data)


def test_odd_cells_harm_nobody() -> None:
    """Cells of other types, without a source, or that are no cells are passed over."""
    data = b'{"cells": [1, null, {"cell_type": "markdown"}, {"cell_type": "markdown", "source": [3, "# x"]}]}'
    (sheet,) = sheets("8.ipynb", data)
    assert sheet.drafts == ()
