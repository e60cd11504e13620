"""The kernels the group meets: their weights, and what a high value of each means.

High values are ink here, as in the book: its pictures are dark where numbers are large. Other places (setosa's
*Image Kernels*) paint high values white, so the same weights carry the opposite name there. Where two traditions
disagree, the kernel's `naming` says so.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from engine import matrices
from engine.matrices import Matrix


@dataclass(frozen=True, kw_only=True)
class Kernel:
    """A small square of weights, and what is worth knowing about it."""

    name: str
    weights: Matrix
    high: str = ""  # what a high value means, in ink terms; empty for a kernel written by hand
    aliases: tuple[str, ...] = ()
    opposite: str = ""  # the catalogue's kernel with every sign turned
    source: str = ""
    naming: str = ""  # who else calls it what, where that misleads

    @property
    def array(self) -> NDArray[np.float64]:
        """The weights, (size, size)."""
        return np.array(self.weights, dtype=np.float64)

    @property
    def size(self) -> int:
        """How many rows, which is how many columns."""
        return len(self.weights)

    @property
    def sum(self) -> float:
        """What the weights add up to; rounded, so that three thirds are one."""
        return round(math.fsum(value for row in self.weights for value in row), 9)

    @property
    def sum_means(self) -> str:
        """What the sum does to a flat area, as a sentence."""
        total = matrices.written(self.sum)
        if total == "0":  # a small sum is not none
            total = f"{self.sum:.3g}".replace("-", "−")
        if not self.array.any():
            return "All weights are 0, and so is every sum."
        if self.sum == 0:
            return "The weights add up to 0: flat areas vanish, only changes are left."
        if self.sum == 1:
            return "The weights add up to 1: flat areas keep their brightness."
        return f"The weights add up to {total}: a flat area is multiplied by {total}."

    @property
    def separable(self) -> bool:
        """Whether one column times one row gives these weights (rank 1)."""
        return int(np.linalg.matrix_rank(self.array)) == 1

    @property
    def said(self) -> str:
        """How else it can be looked at: its opposite, and whether a column times a row makes it."""
        parts = [f"Its opposite is {self.opposite}."] if self.opposite else []
        if self.separable and self.size > 1:
            parts.append("It is separable: one column times one row.")
        return " ".join(parts)

    @property
    def flipped(self) -> "Kernel":
        """Turned by 180°: what true convolution multiplies with, where we (and deep learning) do not turn."""
        turned = tuple(row[::-1] for row in self.weights[::-1])
        return replace(
            self, name=f"{self.name} flipped", weights=turned, high="", aliases=(), opposite="", naming=""
        )


def _named(
    name: str,
    weights: str,
    high: str,
    *aliases: str,
    opposite: str = "",
    source: str = "",
    naming: str = "",
) -> Kernel:
    """One row of the catalogue, its weights written as anybody would type them."""
    return Kernel(
        name=name,
        weights=matrices.parse(weights),
        high=high,
        aliases=aliases,
        opposite=opposite,
        source=source,
        naming=naming,
    )


_BOOK, _SETOSA = "the book, chapter 13", "setosa, Image Kernels"
_INK_IS_HIGH = "setosa paints high values white, so what it calls {} is, in ink, the {} edge of a stroke."

_ROWS = (
    _named(
        "identity",
        "0 0 0; 0 1 0; 0 0 0",
        "Ink in this very cell: the picture itself.",
        "original",
        source=_SETOSA,
    ),
    _named(
        "topedge",
        "-1 -1 -1; 0 0 0; 1 1 1",
        "Paper above and ink below: the top edge of a stroke.",
        "top",
        "horizontal edge",
        "prewitt",
        "prewitt horizontal",
        "prewitt y",
        opposite="bottomedge",
        source=_BOOK,
        naming="Elsewhere it is the horizontal Prewitt; setosa's *bottom* sobel has the same signs.",
    ),
    _named(
        "bottomedge",
        "1 1 1; 0 0 0; -1 -1 -1",
        "Ink above and paper below: the bottom edge of a stroke.",
        "bottom",
        opposite="topedge",
        source="topedge with its signs turned",
        naming="setosa's *top* sobel has the same signs.",
    ),
    _named(
        "verticaledge",
        "-1 0 1; -1 0 1; -1 0 1",
        "Paper on the left and ink on the right: the left edge of a stroke.",
        "vertical",
        "prewitt vertical",
        "prewitt x",
        source="the lecture",
        naming="Not the book's leftedge, which looks one column to the left only.",
    ),
    _named(
        "leftedge",
        "-1 1 0; -1 1 0; -1 1 0",
        "Ink in this column and paper in the one before: the left edge of a stroke, to the cell.",
        "left",
        source=_BOOK,
        naming="The book's is one-sided (−1 1 0); the lecture's verticaledge (−1 0 1) skips the middle.",
    ),
    _named(
        "diag1",
        "0 -1 1; -1 1 0; 1 0 0",
        "Ink along the diagonal that rises to the right, paper to the upper left of it.",
        "diagonal1",
        "diag1edge",
        source=_BOOK,
        naming="Its weights add up to 1, not 0, so solid ink does not vanish.",
    ),
    _named(
        "diag2",
        "1 -1 0; 0 1 -1; 0 0 1",
        "Ink along the diagonal that falls to the right, paper to the upper right of it.",
        "diagonal2",
        "diag2edge",
        source=_BOOK,
        naming="Its weights add up to 1, not 0, so solid ink does not vanish.",
    ),
    _named(
        "topsobel",
        "1 2 1; 0 0 0; -1 -2 -1",
        "Ink above and paper below: the bottom edge of a stroke, the middle column counted twice.",
        "sobel top",
        opposite="bottomsobel",
        source=_SETOSA,
        naming=_INK_IS_HIGH.format("top", "bottom"),
    ),
    _named(
        "bottomsobel",
        "-1 -2 -1; 0 0 0; 1 2 1",
        "Paper above and ink below: the top edge of a stroke, the middle column counted twice.",
        "sobel bottom",
        "sobel y",
        opposite="topsobel",
        source=_SETOSA,
        naming=_INK_IS_HIGH.format("bottom", "top") + " OpenCV and kornia call it sobel y.",
    ),
    _named(
        "leftsobel",
        "1 0 -1; 2 0 -2; 1 0 -1",
        "Ink on the left and paper on the right: the right edge of a stroke, the middle row counted twice.",
        "sobel left",
        opposite="rightsobel",
        source=_SETOSA,
        naming=_INK_IS_HIGH.format("left", "right"),
    ),
    _named(
        "rightsobel",
        "-1 0 1; -2 0 2; -1 0 1",
        "Paper on the left and ink on the right: the left edge of a stroke, the middle row counted twice.",
        "sobel right",
        "sobel x",
        opposite="leftsobel",
        source=_SETOSA,
        naming=_INK_IS_HIGH.format("right", "left") + " OpenCV and kornia call it sobel x.",
    ),
    _named(
        "outline",
        "-1 -1 -1; -1 8 -1; -1 -1 -1",
        "More ink here than in the eight cells around: thin lines, ends, and the inside of every edge.",
        opposite="laplacian8",
        source=_SETOSA,
    ),
    _named(
        "laplacian4",
        "0 1 0; 1 -4 1; 0 1 0",
        "Less ink here than in the four cells beside it: just outside a stroke.",
        "laplacian",
        "laplace",
        source="scipy, OpenCV",
    ),
    _named(
        "laplacian8",
        "1 1 1; 1 -8 1; 1 1 1",
        "Less ink here than in the eight cells around: just outside a stroke.",
        opposite="outline",
        source="kornia",
    ),
    _named(
        "sharpen",
        "0 -1 0; -1 5 -1; 0 -1 0",
        "Ink that stands out from the four cells beside it, made darker still.",
        source=_SETOSA,
    ),
    _named(
        "emboss",
        "-2 -1 0; -1 1 1; 0 1 2",
        "Paper to the upper left and ink to the lower right, as if a light shone across the page.",
        source=_SETOSA,
    ),
    _named(
        "boxblur",
        "1/9 1/9 1/9; 1/9 1/9 1/9; 1/9 1/9 1/9",
        "Much ink in these nine cells, all counting the same: their mean.",
        "box",
        "mean",
        source="ImageMagick, GIMP",
    ),
    _named(
        "blur",
        "1/16 1/8 1/16; 1/8 1/4 1/8; 1/16 1/8 1/16",
        "Much ink nearby, the nearest counting most.",
        "gaussian",
        "gaussian3",
        "gaussian blur",
        source=_SETOSA,
        naming="The lecture reads it out as 0.06, 0.125, 0.25; it is 1 2 1, 2 4 2, 1 2 1 over 16.",
    ),
    _named(
        "gaussian5",
        "1/256 1/64 3/128 1/64 1/256; 1/64 1/16 3/32 1/16 1/64; 3/128 3/32 9/64 3/32 3/128;"
        "1/64 1/16 3/32 1/16 1/64; 1/256 1/64 3/128 1/64 1/256",
        "Much ink within two cells, the nearest counting most.",
        "blur5",
        source="binomial: 1 4 6 4 1 times itself, over 256",
    ),
    _named(
        "motionblur",
        "0 0 0; 1/3 1/3 1/3; 0 0 0",
        "Much ink along the row, as if the page had moved sideways.",
        "motion",
        source="after kornia",
    ),
    _named(
        "motiondiag",
        "1/3 0 0; 0 1/3 0; 0 0 1/3",
        "Much ink along the diagonal that falls to the right, as if the page had moved that way.",
        "motion blur diagonal",
        source="after kornia",
    ),
    _named(
        "unsharp",
        "-1/16 -1/8 -1/16; -1/8 7/4 -1/8; -1/16 -1/8 -1/16",
        "Ink that stands out from its blurred surroundings, made darker still.",
        "unsharp mask",
        source="identity + (identity − blur)",
        naming="It is identity + a·(identity − blur) with a = 1: what a blur takes away is added once more. "
        "`unsharp:0.5` takes a = 0.5.",
    ),
    _named(
        "scharr",
        "-3 0 3; -10 0 10; -3 0 3",
        "Paper on the left and ink on the right: the left edge of a stroke, also where it slants.",
        "scharr x",
        source="OpenCV",
        naming="scikit-image divides it by 16 and turns it around.",
    ),
    _named(
        "roberts1",
        "1 0; 0 -1",
        "Ink here and paper at the lower right.",
        "roberts",
        source="scikit-image",
        naming="Two rows and two columns have no middle: a position names the upper left cell.",
    ),
    _named(
        "roberts2",
        "0 1; -1 0",
        "Ink at the right and paper below.",
        source="scikit-image",
        naming="Two rows and two columns have no middle: a position names the upper left cell.",
    ),
    _named(
        "centraldiff",
        "0 0 0; -1 0 1; 0 0 0",
        "Paper at the left and ink at the right of this cell: the slope along the row.",
        "central difference",
        "diff",
        source="kornia",
    ),
)

CATALOGUE: Mapping[str, Kernel] = MappingProxyType({row.name: row for row in _ROWS})
