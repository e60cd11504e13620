"""A few words as vectors that can be read: how female, how old, how royal, each from 0 to 9.

Made by hand, so that king − man + woman can be worked out on paper; vectors that are learnt from text have
hundreds of axes, and nobody named them.
"""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from engine.errors import BadNumbers

AXES = ("gender", "age", "royalty")
VECTORS: Mapping[str, tuple[int, int, int]] = {
    "man": (1, 7, 0),
    "woman": (9, 7, 0),
    "boy": (1, 2, 0),
    "girl": (9, 2, 0),
    "king": (1, 8, 8),
    "queen": (9, 7, 8),
    "prince": (1, 2, 8),
    "princess": (9, 2, 8),
    "grandfather": (1, 9, 0),
    "grandmother": (9, 9, 0),
    "adult": (5, 7, 0),
    "child": (5, 2, 0),
}


@dataclass(frozen=True, kw_only=True)
class Analogy:
    """A sum of words and the words nearest to it, by cosine, without those of the sum."""

    terms: tuple[tuple[int, str, tuple[float, ...]], ...]
    sum: tuple[float, ...]
    nearest: tuple[tuple[str, float, tuple[float, ...]], ...]
    axes: tuple[str, ...] = AXES


def analogy(terms: Sequence[tuple[int, str]]) -> Analogy:
    """Add up the words of `terms` with their signs; BadNumbers names a word that is not known."""
    known = [(sign, _known(word)) for sign, word in terms]
    total = np.sum([sign * np.array(VECTORS[word], dtype=np.float64) for sign, word in known], axis=0)
    length = float(np.linalg.norm(total))
    if not length:
        raise BadNumbers("Those words cancel out: a sum of zeros has no direction.")
    used = {word for _, word in known}
    scored = [
        (word, float(total @ vector / length / np.linalg.norm(vector)), tuple(map(float, vector)))
        for word, vector in VECTORS.items()
        if word not in used
    ]
    return Analogy(
        terms=tuple((sign, word, tuple(map(float, VECTORS[word]))) for sign, word in known),
        sum=tuple(total.tolist()),
        nearest=tuple(sorted(scored, key=lambda each: (-each[1], each[0]))),
    )


def _known(word: str) -> str:
    word = word.strip().casefold()
    if word not in VECTORS:
        near = difflib.get_close_matches(word, VECTORS, n=1, cutoff=0.6)
        meant = f" Did you mean {near[0]}?" if near else ""
        raise BadNumbers(f"I have no vector for {word[:40]!r}.{meant} I have: {', '.join(VECTORS)}.")
    return word
