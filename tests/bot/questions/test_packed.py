"""Zips and folders: what is hidden, what is broken, and what would be too much."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from bot.errors import UserError
from bot.questionnaire import Sheet
from bot.questions.files import MOST_UNPACKED, read, sheets
from tests.bot.questions.sheets import chapter, notebook, packed

METHODS = {"stored": zipfile.ZIP_STORED, "deflated": zipfile.ZIP_DEFLATED}


def in_zip(files: dict[str, bytes], _folder: Path) -> list[Sheet]:
    """What a zip of these holds."""
    return sheets("book.zip", packed(files))


def in_folder(files: dict[str, bytes], folder: Path) -> list[Sheet]:
    """What a folder of these holds."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return read(folder)


ways = pytest.mark.parametrize("way", [in_zip, in_folder])
Way = Callable[[dict[str, bytes], Path], list[Sheet]]


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_a_zip_with_wrong_bytes_is_read_or_refused(method: int) -> None:
    """Whatever a bad line or a bad disk made of it: a sentence, and never another error."""
    whole = packed({"08_a.ipynb": chapter(8, 4), "sub/13_b.md": b"1. Why?\n1. What?\n"}, method)
    chance = Random(8)  # noqa: S311 - for tests, not secrets
    said: list[str] = []
    for _ in range(1_000):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 3)):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        try:
            sheets("book.zip", bytes(data))
        except UserError as problem:
            said.append(problem.text)
    assert said
    assert all(each.endswith(".") for each in said)
    for size in range(4, len(whole), 7):
        with pytest.raises(UserError):
            sheets("book.zip", whole[:size])


def test_a_rare_way_of_packing_is_refused() -> None:
    """The library unpacks it all at once, so that a bomb could not be seen before it goes off."""
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        with pytest.raises(UserError, match="few programs know"):
            sheets("book.zip", packed({"08_a.ipynb": chapter(8, 4)}, method))


def test_a_zip_from_another_system() -> None:
    """Backslashes part folders there; what its finder adds is passed over."""
    files = {"book\\08_a.ipynb": chapter(8, 4), "__MACOSX/book/._08_a.ipynb": b"\0\5\x16\7"}
    (sheet,) = sheets("book.zip", packed(files))
    assert (sheet.chapter, len(sheet.drafts)) == (8, 4)


def test_names_that_name_nothing() -> None:
    """They are passed over."""
    odd = packed({"08_a.ipynb": chapter(8, 4), ".": b"", "..": b"", "x/": b"", "a//": b""})
    (sheet,) = sheets("book.zip", odd)
    assert len(sheet.drafts) == 4
    nameless = bytearray(packed({"a": b"", "08_a.ipynb": chapter(8, 4)}))
    central = nameless.rindex(b"PK\x01\x02", 0, nameless.rindex(b"PK\x01\x02"))
    nameless[central + 28 : central + 30], nameless[central + 30 : central + 32] = b"\0\0", b"\0\0"
    del nameless[central + 46]
    end = nameless.rindex(b"PK\x05\x06")
    nameless[end + 12 : end + 16] = (int.from_bytes(nameless[end + 12 : end + 16], "little") - 1).to_bytes(
        4, "little"
    )
    (sheet,) = sheets("book.zip", bytes(nameless))
    assert len(sheet.drafts) == 4


@ways
def test_what_is_hidden_is_not_meant(way: Way, tmp_path: Path) -> None:
    """Nor are the copies that notebooks make of themselves, though they held more."""
    files = {
        "book/08_a.ipynb": chapter(8, 4),
        "book/.ipynb_checkpoints/08_a-checkpoint.ipynb": chapter(8, 9),
        "book/.ipynb_checkpoints/13_b.ipynb": chapter(13, 9),
        "book/08_a-checkpoint.ipynb": chapter(8, 9),
        ".git/09_x.md": b"1. Why?",
        "2024_notes.md": b"1. Why?",
    }
    (sheet,) = way(files, tmp_path)
    assert (sheet.chapter, len(sheet.drafts)) == (8, 4)


@ways
def test_what_is_broken_leaves_the_rest_whole(way: Way, tmp_path: Path) -> None:
    """Each file that cannot be read is named, after those that can."""
    files = {
        "07_x.ipynb": b"<html>",
        "08_a.ipynb": chapter(8, 4),
        "09_x.csv": b"name,age\n",
        "10_x.md": b"\xff",
        "11_x.md": bytes(20_000_001),
        "13_b.ipynb": chapter(13, 5),
    }
    eight, thirteen, *broken = way(files, tmp_path)
    assert [(each.chapter, len(each.drafts), each.trouble) for each in (eight, thirteen)] == [
        (8, 4, ""),
        (13, 5, ""),
    ]
    assert [(each.chapter, each.drafts) for each in broken] == [(7, ()), (9, ()), (10, ()), (11, ())]
    for each, says in zip(broken, ("not JSON", "I know the columns", "not UTF-8", "20,000,000"), strict=True):
        assert says in each.trouble
        assert f"`{each.chapter:02}_x" in each.trouble


@ways
def test_where_all_is_broken_it_is_refused(way: Way, tmp_path: Path) -> None:
    """With the first of the reasons."""
    with pytest.raises(UserError, match=r"`01_x.ipynb` is no notebook.*And 2 files more. Nothing is imported."):
        way({f"{number:02}_x.ipynb": b"<html>" for number in range(1, 6)}, tmp_path)


@ways
def test_too_much_is_not_read(way: Way, tmp_path: Path) -> None:
    """A file larger than a notebook can be, more of them than a book has, and a crowd of files."""
    bomb = {"08_x.ipynb": b"0" * 30_000_000}
    assert len(packed(bomb)) < 100_000
    with pytest.raises(UserError, match="up to 20,000,000"):
        way(bomb, tmp_path / "one")
    many = {f"{number:02}.ipynb": b"0" * 15_000_000 for number in range(MOST_UNPACKED // 15_000_000 + 1)}
    with pytest.raises(UserError, match="more than I read"):
        way(many, tmp_path / "many")
    with pytest.raises(UserError, match="holds 600 files"):
        way({f"{number}.md": b"" for number in range(600)}, tmp_path / "crowd")


def test_a_notebook_without_questions_is_no_broken_one() -> None:
    """It is said of it that it has none."""
    sheet, empty = sheets("book.zip", packed({"08_a.ipynb": chapter(8, 4), "20_end.ipynb": notebook()}))
    assert (len(sheet.drafts), empty.summary, empty.trouble) == (4, "chapter 20: no questionnaire", "")
