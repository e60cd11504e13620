"""How many places a kernel takes, which cells it visits, and how far one output looks back: arithmetic only."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.errors import InputError, OutsideImage


def output_size(n: int, k: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """How many places a kernel of k cells takes along a side of n: floor((n + 2p − d(k−1) − 1) / s) + 1."""
    for name, value, least in (("stride", stride, 1), ("padding", padding, 0), ("dilation", dilation, 1)):
        if value < least:
            raise InputError(f"{name} {value} is too small: it starts at {least}.")
    spread = dilation * (k - 1) + 1
    if n + 2 * padding < spread:
        raise OutsideImage(
            f"The kernel spans {spread} cells and the picture only {n + 2 * padding}: "
            f"it needs a padding of at least {(spread - n + 1) // 2}."
        )
    return (n + 2 * padding - spread) // stride + 1


def formula(n: int, k: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> str:
    """The same, filled in: `⌊(28 + 2·1 − 3) / 2⌋ + 1 = 14`."""
    spread = f"{k}" if dilation == 1 else f"({dilation}·({k} − 1) + 1)"
    size = output_size(n, k, stride, padding, dilation)
    return f"⌊({n} + 2·{padding} − {spread}) / {stride}⌋ + 1 = {size}"


def visits(n: int, k: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> list[int]:
    """How many of the kernel's places touch each of a side's n cells."""
    counts = [0] * n
    for place in range(output_size(n, k, stride, padding, dilation)):
        for tap in range(k):
            cell = place * stride + tap * dilation - padding
            if 0 <= cell < n:
                counts[cell] += 1
    return counts


def centres(n: int, k: int, stride: int = 1, padding: int = 0, dilation: int = 1) -> range:
    """The cells that are the middle of a window; outside the picture where the padding is."""
    first = dilation * ((k - 1) // 2) - padding
    return range(first, first + stride * output_size(n, k, stride, padding, dilation), stride)


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One layer of a network, as far as sizes go."""

    k: int = 3
    stride: int = 1
    padding: int = 0
    dilation: int = 1


def receptive_field(layers: Sequence[Layer]) -> tuple[int, int]:
    """How many input cells a side one output cell looks at, and how many lie between two neighbours' fields."""
    field, jump = 1, 1
    for layer in layers:
        field += layer.dilation * (layer.k - 1) * jump
        jump *= layer.stride
    return field, jump


def traced(layers: Sequence[Layer], place: int) -> list[tuple[int, int]]:
    """The cells (first, one past the last) behind one output place, layer by layer back to the input."""
    first, end = place, place + 1
    spans = [(first, end)]
    for layer in reversed(layers):
        first = first * layer.stride - layer.padding
        end = (end - 1) * layer.stride - layer.padding + layer.dilation * (layer.k - 1) + 1
        spans.append((first, end))
    return spans


def parameters(channels_in: int, channels_out: int, k: int, groups: int = 1) -> tuple[int, int]:
    """The weights and the biases of a layer."""
    return channels_out * (channels_in // groups) * k * k, channels_out
