"""How long `!slide` takes to make, and how large it is, beside the same film drawn frame by frame in matplotlib.

    .venv/bin/python -m benchmarks.films

The plain way draws 8 frames, and is counted as if it went on at that speed; its file is that of 8 frames, too.
"""

import io
import statistics
import time
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from benchmarks.pictures import cells
from engine import images, kernels, plots
from engine.convolution import convolve
from engine.plots.sliding import places

FRAMES = 8
FILMS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "topedge over the 3": ("topedge", "3", {}),
    "gaussian5 over the A, stride 3": ("gaussian5", "A", {"stride": 3, "padding": 2}),
    "topedge over the card": ("topedge", "card", {}),
}


def plain(kernel: str, image: str) -> bytes:
    """The first frames, each a figure of its own."""
    found, pixels = kernels.find(kernel), images.image(image)
    sums, k = convolve(pixels, found), found.size
    shown: list[Image.Image] = []
    for row, col in places(sums)[:FRAMES]:
        figure = Figure(figsize=(10, 7.14), dpi=100)
        canvas = FigureCanvasAgg(figure)
        axes = figure.subplots(2, 3)
        part = pixels[row : row + k, col : col + k].astype(np.float64)
        axes[0, 0].imshow(pixels, cmap="Greys")
        axes[0, 2].imshow(sums, cmap="RdBu")
        cells(axes[1, 0], part, "Greys", (0, 255), 9)
        cells(axes[1, 1], found.array, "RdBu", (-1, 1), 9)
        cells(axes[1, 2], part * found.array, "RdBu", (-254, 254), 9)
        axes[0, 1].text(0, 0.5, f"sum = {sums[row, col]:g}", fontsize=20)
        canvas.draw()
        shown.append(Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("P"))
    buffer = io.BytesIO()
    shown[0].save(buffer, "GIF", save_all=True, append_images=shown[1:], duration=260)
    return buffer.getvalue()


def main() -> None:
    """Print the table."""
    print("| film | frames | ours, s | ours, kB | matplotlib, s | ratio | matplotlib, kB/frame | ours, kB/frame |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for name, (kernel, image, steps) in FILMS.items():
        found, pixels = kernels.find(kernel), images.image(image)
        data = {"pixels": pixels.tolist(), "weights": found.weights, "kernel": kernel, "steps": steps}
        frames = len(places(convolve(pixels, found, **steps)))
        plots.draw("slide", data)  # the first one loads fonts
        times: list[float] = []
        made = b""
        for _ in range(5):
            begin = time.perf_counter()
            made = plots.draw("slide", data)
            times.append(time.perf_counter() - begin)
        begin = time.perf_counter()
        other = plain(kernel, image)
        slow, fast = (time.perf_counter() - begin) * frames / FRAMES, statistics.median(times)
        sizes = f"{len(other) / FRAMES / 1000:.0f} | {len(made) / frames / 1000:.0f}"
        ours = f"{fast:.2f} | {len(made) / 1000:.0f}"
        print(f"| {name} | {frames} | {ours} | {slow:.1f} | {slow / fast:.0f} | {sizes} |")


if __name__ == "__main__":
    main()
