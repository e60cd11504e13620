"""Convolution of several channels, as a layer of a network does it."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.convolution import convolve
from engine.errors import InputError


def convolve_channels(
    image: ArrayLike,
    weights: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    groups: int = 1,
    stride: int = 1,
    padding: int = 0,
    mode: str = "zeros",
    dilation: int = 1,
) -> NDArray[np.float64]:
    """(C, H, W) and (out, C/groups, k, k) → (out, rows, columns), as torch's `conv2d` takes and gives them.

    Each output map adds up what its kernel's slices make of their channels, and its one bias. With `groups`, an
    output looks at its own share of the channels only: with as many groups as channels, at one.
    """
    channels, kernels = np.asarray(image), np.asarray(weights, dtype=np.float64)
    if channels.ndim != 3 or kernels.ndim != 4:
        raise ValueError(f"(C, H, W) and (out, C/groups, k, k) are wanted, not {channels.shape}, {kernels.shape}")
    inside, outside = len(channels), len(kernels)
    if groups < 1 or inside % groups or outside % groups:
        raise InputError(f"groups={groups} does not divide {inside} channels into {outside} maps.")
    if kernels.shape[1] * groups != inside:
        raise ValueError(f"a kernel has {inside // groups} slices here, not {kernels.shape[1]}")
    offsets = np.zeros(outside) if bias is None else np.asarray(bias, dtype=np.float64)
    maps: list[NDArray[np.float64]] = []
    for place, kernel in enumerate(kernels):
        first = place // (outside // groups) * kernels.shape[1]
        shares = [
            convolve(channel, part, stride=stride, padding=padding, mode=mode, dilation=dilation)
            for channel, part in zip(channels[first:], kernel, strict=False)
        ]
        maps.append(np.sum(shares, axis=0) + offsets[place])
    return np.stack(maps)
