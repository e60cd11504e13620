"""Layers in a row as people write them: `3s2p1 3s2p1` is twice a 3×3 kernel with stride 2 and a padding of 1."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.errors import UserError
from bot.values import code

MOST_LAYERS = 8
WORD = re.compile(r"(?P<k>\d{1,2})(?:s(?P<s>\d{1,2}))?(?:p(?P<p>\d{1,2}))?(?:d(?P<d>\d{1,2}))?", re.ASCII)
LIMITS = {"k": (1, 11), "s": (1, 16), "p": (0, 64), "d": (1, 16)}  # as those of the options


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One of them: its kernel's side, stride, padding and dilation."""

    k: int = 3
    s: int = 1
    p: int = 0
    d: int = 1

    @property
    def walk(self) -> dict[str, int]:
        """How it walks, as the demo takes it."""
        return {"stride": self.s, "padding": self.p, "dilation": self.d}

    @property
    def walked(self) -> dict[str, int]:
        """All of it, as the demo takes it."""
        return {"k": self.k} | self.walk

    @property
    def typed(self) -> str:
        """As one would type it: `3s2p1`."""
        usual = {"s": (self.s, 1), "p": (self.p, 0), "d": (self.d, 1)}
        return f"{self.k}" + "".join(f"{name}{value}" for name, (value, least) in usual.items() if value != least)


def written(layers: Sequence[Layer]) -> str:
    """As one would type them."""
    return " ".join(layer.typed for layer in layers)


def stack(text: str, layers: str, options: Mapping[str, int]) -> tuple[Layer, ...]:
    """The layers that are meant: a word for each, or one, or none, so many times as `layers` says.

    In place of a number `layers` may hold the words. The `options` (k, s, p, d) say of every layer what its word
    does not. UserError where something would be passed over.
    """
    text, layers = text.strip(" ,").casefold(), layers.strip(" ,").casefold()
    count = _count(layers) if layers.isdecimal() else None
    if layers and count is None:
        if text:
            raise UserError(f"The layers are given twice: {code(text[:40])} and {code(f'layers={layers[:40]}')}.")
        text = layers
    words = re.split(r"[\s,]+", text) if text else []
    if not words:
        return (Layer(**options),) * (count or 2)
    if len(words) > MOST_LAYERS:
        raise UserError(f"{len(words)} layers are too many: {MOST_LAYERS} at most.")
    if count and len(words) > 1:
        raise UserError(
            f"{code(f'layers={count}')} repeats one layer, and here are {len(words)}: "
            f"write {code(f'{words[0]} layers={count}')}, or a word for each."
        )
    said = [_said(word) for word in words]
    for name, value in options.items():
        if all(name in each for each in said):
            every = "The word says" if len(said) == 1 else "Every word says"
            raise UserError(
                f"{every} its {name} itself: {code(text[:40])} leaves nothing for {code(f'{name}={value}')}."
            )
    return tuple(Layer(**{**options, **each}) for each in said) * (count or 1)


def _count(text: str) -> int:
    if not re.fullmatch(rf"[1-{MOST_LAYERS}]", text):
        raise UserError(f"{code(f'layers={text[:20]}')} is not possible: 1 to {MOST_LAYERS} layers.")
    return int(text)


def _said(word: str) -> dict[str, int]:
    """What a layer's word says."""
    match = WORD.fullmatch(word)
    said = {name: int(value) for name, value in match.groupdict().items() if value} if match else {}
    if not said or not all(LIMITS[name][0] <= value <= LIMITS[name][1] for name, value in said.items()):
        raise UserError(
            f"{code(word[:20])} is no layer: write the kernel's side, up to {LIMITS['k'][1]}, then s, p and d, "
            f"as in 3s2p1 3s2p1; or layers= says how many, up to {MOST_LAYERS}, with k=, s=, p=, d=."
        )
    return said
