"""Write docs/gallery.md and its pictures, each drawn anew from its command: `make gallery`.

What trains on ratings is drawn anew only where `RATINGS` says where they are; else it stays as it was.
"""

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
    "Films": (
        "similar Terminator",
        "similar Silence of the Lambs count=10",
        "recommend like=Star Wars, Fargo",
        "taste musical=5 new=2",
    ),
    "The model's inside": (
        "predict English Patient user=405",
        "bias low",
        "bias high count=10",
        "factors Terminator",
        "distance Terminator vs English Patient",
        "map movies",
        "map movies axes=1,2 top=20",
        "map users",
    ),
    "Training": (
        "train",
        "compare wd=0 wd=0.1",
    ),
    "Sums": (
        "dot [0.98, 0.9, -0.9] [0.9, 0.8, -0.6]",
        "analogy king - man + woman",
        "sigmoid 2 1 0.1",
        "softmax 2 1 0.1",
        "likes 109 5 50",
        "likes 109 5 50 method=log",
    ),
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

ON_RATINGS = frozenset(CHAPTERS["Training"])


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
        "# Gallery",
        "",
        "Made by `make gallery` from the commands themselves; do not edit. Each picture is what the command above",
        "it answers with; its words are its alternative text.",
        "",
    ]
    for heading, shown in entries:
        parts += [f"## {heading}", "", *shown]
    return "\n".join(parts).rstrip() + "\n"


def before(line: str) -> str:
    """The command's entry on the page as it is."""
    found = re.search(rf"^`!{re.escape(line)}`\n\n[^\n]*\n", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        raise SystemExit(f"{PAGE} has no `!{line}` yet: set RATINGS to draw it.")
    return found[0]


async def main() -> None:
    """Ask everything, keep the pictures, write the page."""
    PICTURES.mkdir(exist_ok=True)
    entries: list[tuple[str, list[str]]] = []
    drawn: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(database_url=f"sqlite:///{folder}/gallery.sqlite3")
        async with App(settings) as app:
            for heading, lines in CHAPTERS.items():
                shown: list[str] = []
                for line in lines:
                    if line in ON_RATINGS and settings.ratings is None:
                        drawn[name(line, "png")] = (PICTURES / name(line, "png")).read_bytes()
                        shown.append(before(line))
                        continue
                    reply = await app.ask(f"!{line}")
                    image = reply.images[0]
                    drawn[name(line, image.kind)] = image.png
                    shown.append(entry(line, reply))
                entries.append((heading, shown))
    for old in PICTURES.iterdir():
        old.unlink()
    for file, data in drawn.items():
        (PICTURES / file).write_bytes(data)
    PAGE.write_text(page(entries), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
