"""Pictures are drawn once, off the event loop, and never stand in the way of the answer."""

import asyncio
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.errors import StartError
from bot.pictures import Pictures
from bot.values import Image

BARS = Image(plot="bars", data={"values": [1.5, 2]}, alt="two bars")


class Drawer:
    """Draws text, and remembers in which threads."""

    def __init__(self) -> None:
        self.threads: list[str] = []

    def __call__(self, plot: str, data: Mapping[str, Any]) -> bytes:
        """The picture."""
        self.threads.append(threading.current_thread().name)
        return f"{plot} {dict(data)}".encode()


async def test_a_picture_is_drawn_once_in_one_thread(tmp_path: Path) -> None:
    """Ten requests at once, and one after a restart, cost one drawing."""
    drawer = Drawer()
    pictures = Pictures(tmp_path, drawer, "1")
    drawn = await asyncio.gather(*(pictures.png(BARS) for _ in range(10)))
    again = await Pictures(tmp_path, drawer, "1").png(BARS)
    assert {*drawn, again} == {b"bars {'values': [1.5, 2]}"}
    assert drawer.threads == ["drawing_0"]


async def test_what_a_member_brought_is_drawn_and_not_kept(tmp_path: Path) -> None:
    """It is drawn each time it is asked for, and leaves no file."""
    drawer, theirs = Drawer(), replace(BARS, kept=False)
    pictures = Pictures(tmp_path, drawer, "1")
    assert await pictures.png(theirs) == await pictures.png(theirs) == await pictures.png(BARS)
    assert len(drawer.threads) == 3
    assert [path.stem for path in tmp_path.iterdir()] == [pictures.key(BARS)]


async def test_a_picture_that_moves_is_kept_as_one(tmp_path: Path) -> None:
    """A GIF lies beside the PNGs under its own ending, and is pruned as they are."""
    pictures = Pictures(tmp_path, Drawer(), "1")
    await pictures.png(BARS)
    await pictures.png(Image(plot="slide", data={}, alt="", kind="gif"))
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".gif", ".png"]
    assert pictures.prune(keep=0) == 2


async def test_another_datum_or_style_is_another_picture(tmp_path: Path) -> None:
    """The key holds plot, data and version; alt text and the order of keys do not matter."""
    first = Pictures(tmp_path, Drawer(), "1")
    assert first.key(BARS) != Pictures(tmp_path, Drawer(), "2").key(BARS)
    assert first.key(BARS) != first.key(Image(plot="bars", data={"values": [1.5, 3]}, alt="two bars"))
    assert first.key(Image(plot="p", data={"a": 1, "b": 2}, alt="")) == first.key(
        Image(plot="p", data={"b": 2, "a": 1}, alt="other")
    )


async def test_a_drawing_that_fails_leaves_the_answer(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing is drawn, the reason is logged, and the next picture is drawn."""

    def draw(plot: str, data: Mapping[str, Any]) -> bytes:
        if plot == "broken":
            raise ValueError("no such plot")
        return b"fine"

    pictures = Pictures(tmp_path, draw, "1")
    assert await pictures.png(Image(plot="broken", data={}, alt="")) == b""
    assert "could not be drawn" in caplog.text
    assert await pictures.png(BARS) == b"fine"


async def test_a_drawing_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    """The answer does not wait for it longer than the limit."""
    release = threading.Event()

    def draw(plot: str, data: Mapping[str, Any]) -> bytes:
        release.wait(10)
        return b"late"

    pictures = Pictures(tmp_path, draw, "1", seconds=0.05)
    assert await pictures.png(BARS) == b""
    release.set()


async def test_the_cache_keeps_the_newest(tmp_path: Path) -> None:
    """Pruning keeps as many as asked for."""
    pictures = Pictures(tmp_path, Drawer(), "1")
    for value in range(5):
        await pictures.png(Image(plot="bars", data={"values": [value]}, alt=""))
    assert pictures.prune(keep=2) == 3
    assert len(list(tmp_path.glob("*.png"))) == 2
    assert not list(tmp_path.glob("*.part"))


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """The check names the folder; a good one says where the pictures are."""
    (tmp_path / "file").write_text("")
    with pytest.raises(StartError, match="file/pictures"):
        Pictures(tmp_path / "file" / "pictures", Drawer(), "1").check()
    assert str(tmp_path) in Pictures(tmp_path / "pictures", Drawer(), "1").check()
