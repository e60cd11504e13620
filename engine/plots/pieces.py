"""What our pictures are put together from: a card, text that fits, number cells, pixel maps."""

import io
import math
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from engine.plots import scales, style

Colours = NDArray[np.uint8]  # (rows, columns, 3)
LEFT, RIGHT = style.MARGIN, style.WIDTH - style.MARGIN
INSIDE = RIGHT - LEFT
FIGURE_HEIGHT = 0.729  # of a DejaVu figure, in type sizes: numbers are centred by it, not by the line


class Card:
    """A picture in the making, `style.WIDTH` wide; `mode` is L where it is all in ink."""

    def __init__(self, height: int, mode: Literal["RGB", "L"] = "RGB") -> None:
        self.image = Image.new(mode, (style.WIDTH, height), style.CARD)
        self.draw = ImageDraw.Draw(self.image)

    def title(self, words: str) -> None:
        """The first line; a long one is set smaller, and shortened only then."""
        size = max(style.BODY, fitting([words], INSIDE, style.TITLE, bold=True))
        self.text(LEFT, style.FIRST, words, size, bold=True, width=INSIDE)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: int = style.BODY,
        *,
        colour: str = style.TEXT,
        bold: bool = False,
        anchor: str = "l",
        width: float = math.inf,
    ) -> None:
        """One line with its baseline at y; `anchor` is l, m or r. Shortened with … where `width` ends."""
        shown = shortened(words, width, size, bold)
        self.draw.text((x, y), shown, colour, font(size, bold), anchor=f"{anchor}s")

    def lines(self, x: float, y: float, lines: Sequence[str], width: float) -> None:
        """Quiet lines below each other, the first baseline at y."""
        for place, line in enumerate(lines):
            self.text(x, y + place * style.LINE, line, colour=style.QUIET, width=width)

    def cells(self, x: int, y: int, cell: int, colours: Colours, texts: Sequence[Sequence[str]]) -> None:
        """Square cells with a text in each, all of one size; the grid's upper left corner at (x, y)."""
        size = fitting([text for row in texts for text in row], cell - max(4, cell // 7), most=cell // 2)
        size = min(size, style.TITLE)
        for r, row in enumerate(texts):
            for c, text in enumerate(row):
                left, top = x + c * cell, y + r * cell
                red, green, blue = (int(part) for part in colours[r, c])
                self.draw.rectangle((left, top, left + cell, top + cell), (red, green, blue), style.RULE)
                baseline = round(top + (cell + FIGURE_HEIGHT * size) / 2)
                self.text(left + cell / 2, baseline, text, size, colour=scales.on(colours[r, c]), anchor="m")
        self.draw.rectangle((x, y, x + len(texts[0]) * cell, y + len(texts) * cell), outline=style.QUIET)

    def map(self, x: int, y: int, side: int, colours: Colours) -> float:
        """Pixels as plain squares, framed, the longer side `side` long; returns how long one pixel's side is."""
        rows, columns = colours.shape[:2]
        scale = side / max(rows, columns)
        # Every pixel of the drawing looks up its cell, so any number of cells fills the same square.
        down = (np.arange(round(rows * scale)) / scale).astype(int).clip(max=rows - 1)
        across = (np.arange(round(columns * scale)) / scale).astype(int).clip(max=columns - 1)
        self.image.paste(Image.fromarray(colours[down][:, across]), (x, y))
        self.draw.rectangle((x - 1, y - 1, x + len(across), y + len(down)), outline=style.RULE)
        return scale

    def bar(self, x: int, y: int, width: int, colours: Colours, ticks: Sequence[tuple[float, str]]) -> None:
        """A colour bar (n, 3) with a tick for every label, at 0 to 1 along it, the most important first.

        A label too close to an earlier one moves away from it; only "0" stays at its tick or is left out.
        """
        steps = np.arange(width) * len(colours) // width
        self.image.paste(Image.fromarray(colours[steps][np.newaxis].repeat(20, axis=0)), (x, y))
        self.draw.rectangle((x - 1, y - 1, x + width, y + 20), outline=style.RULE)
        taken: list[tuple[float, float, float]] = []  # place, left, right
        for place, label in ticks:
            at, long = x + place * (width - 1), measured(label, style.SMALL)
            self.draw.line((at, y + 14, at, y + 26), fill=style.QUIET, width=2)
            left = min(max(at - long / 2, x), x + width - long)
            for other, begin, end in taken:
                if left < end + 12 and left + long > begin - 12:
                    left = math.nan if label == "0" else end + 12 if place > other else begin - 12 - long
            if not math.isnan(left):
                self.text(left, y + 50, label, style.SMALL, colour=style.QUIET)
                taken.append((place, left, left + long))

    def hatch(self, x: int, y: int, scale: float, cells: NDArray[np.bool_]) -> None:
        """Slanted lines over those cells of a map drawn at (x, y), each `scale` wide."""
        down = (np.arange(round(cells.shape[0] * scale)) / scale).astype(int).clip(max=cells.shape[0] - 1)
        across = (np.arange(round(cells.shape[1] * scale)) / scale).astype(int).clip(max=cells.shape[1] - 1)
        lines = np.add.outer(np.arange(len(down)), np.arange(len(across))) % 9 < 3
        mask = Image.fromarray(np.where(cells[down][:, across] & lines, 255, 0).astype(np.uint8))
        self.image.paste(Image.new("RGB", mask.size, style.MARK), (x, y), mask)

    def dots(self, x: int, y: int, scale: float, cells: Sequence[tuple[int, int]], least: int = 1) -> None:
        """A dot in the middle of those cells (row, column), with that radius at least."""
        radius = max(least, round(scale / 5))
        for row, col in cells:
            across, down = round(x + (col + 0.5) * scale), round(y + (row + 0.5) * scale)
            box = (across - radius, down - radius, across + radius, down + radius)
            self.draw.ellipse(box, style.MARK, style.CARD if radius > 1 else None)

    def mark(self, box: tuple[float, float, float, float]) -> None:
        """A frame around what is pointed at: coloured, between two white ones, so that it shows on ink, too."""
        left, top, right, bottom = (round(edge) for edge in box)
        for out, colour in ((4, "#FFFFFF"), (3, style.MARK), (2, style.MARK), (1, style.MARK), (0, "#FFFFFF")):
            self.draw.rectangle((left - out, top - out, right - 1 + out, bottom - 1 + out), outline=colour)

    def png(self, *, exact: bool = False) -> bytes:
        """The finished picture; with more than 256 colours it has to be `exact`."""
        return png(self.image, exact=exact)


def png(image: Image.Image, *, exact: bool = False) -> bytes:
    """The picture as a PNG without a date or a name in it: the same picture is the same bytes."""
    buffer = io.BytesIO()
    (paletted(image) if image.mode == "RGB" and not exact else image).save(buffer, "PNG")
    return buffer.getvalue()


def paletted(image: Image.Image) -> Image.Image:
    """The picture in 256 colours, which halves its file and the time to write it.

    The commonest stay exact, so zero stays white; what is rare, the blends around letters, takes the nearest.
    """
    counted = image.getcolors(image.width * image.height) or []
    common = sorted(counted, key=lambda entry: (-entry[0], entry[1]))
    colours = np.array([colour for _, colour in common], dtype=np.int32)  # (n, 3)
    kept = colours[:256]
    nearest = ((colours[:, np.newaxis] - kept) ** 2).sum(axis=2).argmin(axis=1)  # (n,)
    # One place for every colour there is; only the few pages that are touched take memory.
    index = np.zeros(1 << 24, dtype=np.uint8)
    index[colours @ (1, 1 << 8, 1 << 16)] = nearest
    pixels = np.frombuffer(image.convert("RGBX").tobytes(), dtype="<u4") & 0xFFFFFF  # red is the lowest byte
    small = Image.fromarray(index[pixels].reshape(image.height, image.width))
    small.putpalette(kept.astype(np.uint8).tobytes())
    return small


@lru_cache(maxsize=64)
def font(size: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The face at that size, laid out simply: figures need no shaping."""
    return ImageFont.truetype(style.face(bold), size, layout_engine=ImageFont.Layout.BASIC)


def measured(words: str, size: int = style.BODY, bold: bool = False) -> float:
    """How wide the words are."""
    return font(size, bold).getlength(words)


def fitting(texts: Sequence[str], width: float, most: int, bold: bool = False) -> int:
    """The largest type size up to `most` at which the widest text still fits."""
    widest = max((measured(text, 100, bold) for text in set(texts)), default=0) / 100
    return max(8, min(most, math.floor(width / widest))) if widest else most


def shortened(words: str, width: float, size: int = style.BODY, bold: bool = False) -> str:
    """The words on one line; where they do not fit, as many letters as do, and an ellipsis."""
    words = " ".join(words.split())
    if measured(words, size, bold) <= width:
        return words
    kept = bisect_right(range(len(words)), width, key=lambda end: measured(words[:end] + "…", size, bold)) - 1
    return words[: max(kept, 0)].rstrip() + "…"


def wrapped(paragraphs: Sequence[str], width: float) -> list[str]:
    """The paragraphs in lines that fit, in body type."""
    lines: list[str] = []
    for paragraph in paragraphs:
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}".strip()
            if line and measured(longer) > width:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return [line for line in lines if line]
