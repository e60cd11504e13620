"""1797 handwritten digits of 8×8 pixels (data/DIGITS.md says by whom): some to learn from, some held back."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FILE = Path(__file__).parent / "data" / "digits.npz"
INK = 16  # the highest pixel
HELD_BACK = 5  # every fifth digit is only for measuring
CITATION = (
    "E. Alpaydin and C. Kaynak. 1998. Optical Recognition of Handwritten Digits. UCI Machine Learning Repository. "
    "https://doi.org/10.24432/C50P49 (CC BY 4.0)"
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Digits:
    """Digits and what they are. Pixels run from 0, paper, to 1, ink."""

    pixels: NDArray[np.float32]  # (N, 8, 8)
    labels: NDArray[np.int64]  # (N,)


@cache
def digits() -> tuple[Digits, Digits]:
    """The digits to learn from, 1437, and those held back, 360. The same 13 people wrote both."""
    with np.load(FILE) as file:
        pixels, labels = file["pixels"].astype(np.float32) / INK, file["labels"].astype(np.int64)
    held = np.arange(len(labels)) % HELD_BACK == 0
    return (
        Digits(pixels=pixels[~held], labels=labels[~held]),
        Digits(pixels=pixels[held], labels=labels[held]),
    )
