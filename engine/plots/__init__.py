"""The pictures, by name: `draw("window", data)` returns a PNG, `draw("learned", data)` a GIF.

A picture is a name and plain data, so it can be kept and drawn again. What draws it (Pillow, and matplotlib
where there are axes) is imported when it is first needed: an answer in words does not wait for it.
"""

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any

from engine.plots.style import VERSION

__all__ = ["PLOTS", "VERSION", "draw"]


class Plots(Mapping[str, Callable[..., bytes]]):
    """Name → drawing function, its module imported on first use."""

    def __init__(self, places: Mapping[str, tuple[str, str]]) -> None:
        self._places = places

    def __getitem__(self, name: str) -> Callable[..., bytes]:
        module, function = self._places[name]
        return getattr(import_module(f"{__name__}.{module}"), function)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


PLOTS = Plots(
    {
        "bars": ("charts", "bars"),
        "paired_bars": ("pairs", "paired_bars"),
        "graphs": ("graphs", "graphs"),
        "scatter": ("scatter", "scatter"),
        "arrows": ("arrows", "arrows"),
        "window": ("grids", "window"),
        "kernel_map": ("maps", "kernel_map"),
        "kernel_pair": ("maps", "pair"),
        "kernel_stages": ("maps", "stages"),
        "kernel_catalogue": ("grids", "catalogue"),
        "numbers": ("grids", "numbers"),
        "photo_map": ("photos", "photo_map"),
        "losses": ("curves", "losses"),
        "channels": ("channels", "channels"),
        "channel_maps": ("channels", "channel_maps"),
        "conv_size": ("layers", "size"),
        "conv_matrix": ("layers", "matrix"),
        "conv_shape": ("layers", "shape"),
        "conv_field": ("fields", "field"),
        "slide": ("sliding", "slide"),
        "learned": ("learning", "learned"),
        "question": ("question", "question"),
    }
)


def draw(name: str, data: Mapping[str, Any]) -> bytes:
    """Draw the picture of that name from its data."""
    return PLOTS[name](**data)
