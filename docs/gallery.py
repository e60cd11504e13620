"""Write docs/gallery.md and its pictures, each drawn anew from its command: `make gallery`."""

import asyncio
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path

from bot.app import App
from bot.settings import Settings
from bot.values import Reply

HERE = Path(__file__).parent
PAGE, PICTURES = HERE / "gallery.md", HERE / "gallery"

# What is asked, by heading. Each line is a command whose first picture is shown.
CHAPTERS: dict[str, tuple[str, ...]] = {
    "One window": (
        "kernel topedge at=5,7",
        "kernel topedge rows=7:10 cols=17:20",
        "kernel topedge flip at=5,7",
        "kernel blur at=5,7",
        "kernel topedge pad=1 dilation=2 at=7,9",
    ),
    "Whole pictures": (
        "kernel topedge",
        "kernel topedge image=7",
        "kernel sobel:45 image=card",
        "kernel motion7:30 image=A",
        "kernel 1 2 1 2 4 2 1 2 1 div=16",
        "kernels",
    ),
    "How sums are shown": (
        "kernel emboss scale=auto",
        "kernel topedge scale=clip",
        "kernel outline scale=abs",
        "kernel topedge scale=relu",
    ),
    "Stride, padding, dilation": (
        "kernel topedge stride=3",
        "kernel topedge pad=2 mode=reflect stride=2",
        "kernel outline dilation=2 pad=2 image=card",
        "conv size 28 s=2",
        "conv size 28 k=3 p=1 s=2",
    ),
    "In a row, and side by side": (
        "kernel blur | outline",
        "kernel topedge vs sobel:bottom",
    ),
    "In motion": (
        "slide topedge",
        "slide sobel:45 image=A stride=3",
        "learn",
        "learn task=digits seed=3",
    ),
    "Colour": (
        "channels",
        "kernel topedge rgb image=card",
        "kernel topedge rgb groups=1 image=card",
        "conv shape channels=3 filters=4",
    ),
    "Numbers, matrices, fields": (
        "pixels",
        "pixels 3 rows=5:10 cols=0:20",
        "conv matrix 3x3 k=2",
        "conv matrix 28",
        "conv rf 3s2p1 3s2p1",
    ),
}


def name(line: str, kind: str) -> str:
    """The picture's file: `kernel topedge at=5,7` → `kernel-topedge-at-5-7.png`."""
    return re.sub(r"[^a-z0-9]+", "-", line.casefold()).strip("-") + f".{kind}"


def entry(line: str, reply: Reply) -> str:
    """A command and its picture, as the page has them."""
    image = reply.images[0]
    return f"`!{line}`\n\n![{image.alt}](gallery/{name(line, image.kind)})\n"


def page(entries: Iterable[tuple[str, Iterable[str]]]) -> str:
    """The whole page."""
    parts = [
        "# Convolutions, seen",
        "",
        "Made by `make gallery` from the commands themselves; do not edit. Each picture is what the command above",
        "it answers with; its words are its alternative text.",
        "",
    ]
    for heading, shown in entries:
        parts += [f"## {heading}", "", *shown]
    return "\n".join(parts).rstrip() + "\n"


async def main() -> None:
    """Ask everything, keep the pictures, write the page."""
    PICTURES.mkdir(exist_ok=True)
    for old in PICTURES.iterdir():
        old.unlink()
    entries: list[tuple[str, list[str]]] = []
    with tempfile.TemporaryDirectory() as folder:
        async with App(Settings(database_url=f"sqlite:///{folder}/gallery.sqlite3")) as app:
            for heading, lines in CHAPTERS.items():
                shown: list[str] = []
                for line in lines:
                    reply = await app.ask(f"!{line}")
                    image = reply.images[0]
                    (PICTURES / name(line, image.kind)).write_bytes(image.png)
                    shown.append(entry(line, reply))
                entries.append((heading, shown))
    PAGE.write_text(page(entries), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
