"""How long our pictures take, and how large they are, beside the same pictures drawn the plain way in matplotlib.

    .venv/bin/python -m benchmarks.pictures

Both draw the same data at the same width, warm, in turns, so that a busy machine hits both alike.
"""

import argparse
import io
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import matplotlib as mpl
import numpy as np
import PIL
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from engine import images, kernels, plots
from engine.convolution import convolve, window

FILMS = {
    "Terminator 2: Judgment Day (1991)": 0.73,
    "Aliens (1986)": 0.69,
    "Star Wars (1977)": 0.55,
    "Children of the Corn: The Gathering (1996)": 0.54,
    "Raiders of the Lost Ark (1981)": 0.52,
    "Empire Strikes Back, The (1980)": 0.51,
    "Jurassic Park (1993)": 0.5,
    "Blade Runner (1982)": 0.49,
    "Die Hard (1988)": 0.48,
    "Alien (1979)": 0.47,
}
THREE, TOPEDGE = images.image("3"), kernels.find("topedge")


def figure(height: float) -> Figure:
    """An empty figure, 1000 pixels wide."""
    made = Figure(figsize=(10, height / 100), dpi=100)
    FigureCanvasAgg(made)
    return made


def png(drawn: Figure, **options: Any) -> bytes:
    """The figure as most programs save it."""
    buffer = io.BytesIO()
    drawn.savefig(buffer, format="png", **options)
    return buffer.getvalue()


def cells(axes: Axes, values: Any, colours: str, limits: tuple[float, float], size: int, title: str = "") -> None:
    """A heat map with a text in every cell."""
    axes.imshow(values, cmap=colours, vmin=limits[0], vmax=limits[1])
    for (row, col), value in np.ndenumerate(np.asarray(values)):
        axes.text(col, row, f"{value:g}", ha="center", va="center", fontsize=size)
    axes.set(title=title, xticks=[], yticks=[])


def bars(count: int) -> tuple[dict[str, Any], Callable[[], bytes]]:
    """Bars with the names of films."""
    names, values = list(FILMS)[:count], list(FILMS.values())[:count]
    data = {"title": "Closest to Terminator, The (1984)", "labels": names, "values": values}

    def plain() -> bytes:
        drawn = figure(122 + 74 * count)
        axes = drawn.subplots()
        axes.bar_label(axes.barh(names, values), fmt="%.2f")
        axes.invert_yaxis()
        axes.set(title=data["title"], xlabel="cosine similarity")
        return png(drawn, bbox_inches="tight")

    return data | {"value_label": "cosine similarity", "notes": ["295 ratings"] * count}, plain


def one_window() -> tuple[dict[str, Any], Callable[[], bytes]]:
    """The lecture's window: 762."""
    here = window(THREE, TOPEDGE, 5, 7)
    data = {"pixels": here.pixels, "weights": TOPEDGE.weights, "products": here.products, "total": here.sum}

    def plain() -> bytes:
        drawn = figure(728)
        axes = drawn.subplots(2, 3)
        cells(axes[0, 0], here.pixels, "Greys", (0, 255), 14, "pixels")
        cells(axes[0, 1], TOPEDGE.weights, "RdBu", (-1, 1), 14, "weights")
        cells(axes[0, 2], here.products, "RdBu", (-254, 254), 14, "products")
        axes[1, 0].imshow(THREE, cmap="Greys")
        axes[1, 1].text(0, 0.5, "sum = 762", fontsize=24)
        return png(drawn)

    return data | {"row": 5, "col": 7, "image": THREE.tolist(), "kernel": "topedge"}, plain


def whole_map() -> tuple[dict[str, Any], Callable[[], bytes]]:
    """Input, kernel, output and colour bar."""
    sums = convolve(THREE, TOPEDGE)
    data = {"pixels": THREE.tolist(), "weights": TOPEDGE.weights, "output": sums.tolist(), "kernel": "topedge"}

    def plain() -> bytes:
        drawn = figure(684)
        axes = drawn.subplots(1, 3)
        axes[0].imshow(THREE, cmap="Greys")
        cells(axes[1], TOPEDGE.weights, "RdBu", (-1, 1), 14, "kernel")
        drawn.colorbar(axes[2].imshow(sums, cmap="RdBu", vmin=-762, vmax=762), ax=axes[2])
        return png(drawn)

    return data | {"notes": [TOPEDGE.high, TOPEDGE.sum_means]}, plain


def catalogue() -> tuple[dict[str, Any], Callable[[], bytes]]:
    """Every kernel with its numbers and its name."""
    known = list(kernels.CATALOGUE.values())

    def plain() -> bytes:
        drawn = figure(720)
        for axes, kernel in zip(drawn.subplots(4, 7).ravel(), known, strict=False):
            limit = float(np.abs(kernel.array).max())
            cells(axes, np.round(kernel.array, 3), "RdBu", (-limit, limit), 6, kernel.name)
        return png(drawn)

    return {"kernels": [{"name": kernel.name, "weights": kernel.weights} for kernel in known]}, plain


def numbers(rows: slice, cols: slice, height: int) -> tuple[dict[str, Any], Callable[[], bytes]]:
    """Numbers over pixels."""
    part = THREE[rows, cols]

    def plain() -> bytes:
        drawn = figure(height)
        axes = drawn.subplots()
        cells(axes, part, "Greys", (0, 255), 8)
        axes.set(xticks=range(part.shape[1]), yticks=range(part.shape[0]))
        return png(drawn)

    return {"pixels": part.tolist(), "row": rows.start, "col": cols.start}, plain


PICTURES: dict[str, tuple[str, tuple[dict[str, Any], Callable[[], bytes]]]] = {
    "`bars`, 5 films": ("bars", bars(5)),
    "`bars`, 10 films": ("bars", bars(10)),
    "`window`, (5, 7)": ("window", one_window()),
    "`kernel_map`, 28×28": ("kernel_map", whole_map()),
    f"`kernel_catalogue`, {len(kernels.CATALOGUE)} kernels": ("kernel_catalogue", catalogue()),
    "`numbers`, 5×20": ("numbers", numbers(slice(5, 10), slice(0, 20), 384)),
    "`numbers`, 28×28": ("numbers", numbers(slice(0, 28), slice(0, 28), 976)),
}


def timed(draw: Callable[[], bytes]) -> tuple[float, int]:
    """Milliseconds, and bytes."""
    started = time.perf_counter()
    size = len(draw())
    return (time.perf_counter() - started) * 1000, size


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    python = sys.version.split()[0]
    print(f"Median of {runs} warm runs each, in turns. Python {python}, numpy {np.__version__}, ", end="")
    print(f"Pillow {PIL.__version__}, matplotlib {mpl.__version__}.\n")
    print("| picture | ours, ms | matplotlib, ms | ratio | ours, kB | matplotlib, kB | ratio |")
    print("|---|---|---|---|---|---|---|")
    for name, (plot, (data, plain)) in PICTURES.items():
        ours: list[float] = []
        theirs: list[float] = []
        our_size = their_size = 0
        for turn in range(runs + 1):  # the first turn loads fonts and cuts number tiles
            mine, our_size = timed(lambda plot=plot, data=data: plots.draw(plot, data))
            other, their_size = timed(plain)
            if turn:
                ours.append(mine)
                theirs.append(other)
        fast, slow = statistics.median(ours), statistics.median(theirs)
        print(
            f"| {name} | {fast:.0f} | {slow:.0f} | {slow / fast:.1f} "
            f"| {our_size / 1000:.0f} | {their_size / 1000:.0f} | {their_size / our_size:.1f} |"
        )


if __name__ == "__main__":
    main()
