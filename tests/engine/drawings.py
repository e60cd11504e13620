"""The data of the pictures about convolution, as the commands hand it over, in its plain and its awkward cases."""

from typing import Any

import numpy as np

from engine import images, kernels, photos
from engine.convolution import convolve

LONG = (
    "A line of words about what can be seen here, which goes on for longer than the card is wide, and then some."
)


def walked(kernel: str, image: str = "3", scale: str = "sym", **steps: Any) -> tuple[str, dict[str, Any]]:
    """A whole map with a stride, padding or dilation."""
    found, picture = kernels.kernel(kernel), images.image(image)
    return "kernel_map", {
        "pixels": picture.tolist(),
        "weights": found.weights,
        "output": convolve(picture, found, **steps).tolist(),
        "kernel": found.name,
        "image": image,
        "scale": scale,
        "notes": [found.high],
        "steps": steps,
    }


def stages(chain: str) -> tuple[str, dict[str, Any]]:
    """Kernels in a row over our 3."""
    found, values = kernels.chain(chain), images.image("3")
    made = [{"name": kernel.name, "weights": kernel.weights} for kernel in found]
    equivalent = kernels.equivalent(found).weights
    return "kernel_stages", {"pixels": values.tolist(), "kernels": made, "equivalent": equivalent, "notes": [LONG]}


def pair(first: str, second: str, image: str = "7", **options: Any) -> tuple[str, dict[str, Any]]:
    """Two kernels over one picture."""
    made = [{"name": kernel.name, "weights": kernel.weights} for kernel in map(kernels.kernel, (first, second))]
    data = {"pixels": images.image(image).tolist(), "kernels": made, "image": image, "notes": [LONG]}
    return "kernel_pair", data | options


def photo(rows: int, columns: int) -> str:
    """A slope of grey as a photo is encoded."""
    return photos.encoded(np.linspace(0, 255, rows * columns).reshape(rows, columns).astype(np.uint8))


def colour_maps(kernel: str, groups: int, **options: Any) -> tuple[str, dict[str, Any]]:
    """A kernel over the channels of the test card."""
    found = kernels.kernel(kernel)
    data = {"colours": CARD, "weights": found.weights, "kernel": found.name, "groups": groups}
    return "channel_maps", data | options


CARD = photos.encoded(images.colours("card"))
SEVEN = ";".join(["1 -1 0 2.5 -3 40 -1000"] * 7)
DRAWINGS: dict[str, tuple[str, dict[str, Any]]] = {
    "map-stride-padded": walked("topedge", stride=2, padding=1, mode="reflect"),
    "map-passed-over": walked("topedge", stride=3),
    "map-dilated": walked("sobel:45", "card", dilation=2, padding=2),
    "map-wide-steps": walked(SEVEN, "A", stride=8, padding=16, mode="wrap"),
    "stages-two": stages("blur | outline"),
    "stages-four": stages("blur | gaussian5 | topedge | sharpen"),
    "pair": pair("topedge", "sobel:top"),
    "pair-strided": pair(
        "topedge", "gaussian5", steps={"stride": 3, "padding": 2, "mode": "wrap", "dilation": 1}, scale="abs"
    ),
    "pair-photo": pair("topedge", "blur", pixels=photo(100, 224)),
    "stages-photo": ("kernel_stages", stages("blur | outline")[1] | {"pixels": photo(224, 100)}),
    "pair-long-names": pair(SEVEN, "motion7:30", "Q"),
    "channels": ("channels", {"colours": CARD, "title": LONG, "notes": [LONG]}),
    "channel-maps": colour_maps("topedge", 3, notes=[LONG]),
    "channel-sum": colour_maps("blur", 1, scale="clip", add=5),
    "size-lecture": ("conv_size", {"n": 28, "k": 3, "steps": {"stride": 2, "padding": 0, "dilation": 1}}),
    "size-padded": ("conv_size", {"n": 28, "k": 3, "steps": {"stride": 2, "padding": 1, "dilation": 1}}),
    "size-dilated": ("conv_size", {"n": 12, "k": 3, "steps": {"stride": 1, "padding": 2, "dilation": 2}}),
    "size-most": ("conv_size", {"n": 64, "k": 1}),
    "size-least": ("conv_size", {"n": 1, "k": 1}),
    "matrix-toy": ("conv_matrix", {"n": 3, "k": 2, "full": True}),
    "matrix-letters": ("conv_matrix", {"n": 6, "k": 3, "full": True}),
    "matrix-least": ("conv_matrix", {"n": 1, "k": 1, "full": True}),
    "matrix-padded": ("conv_matrix", {"n": 3, "k": 2, "full": True, "steps": {"padding": 1}}),
    "matrix-lecture": ("conv_matrix", {"n": 28, "k": 3}),
    "matrix-steps": ("conv_matrix", {"n": 7, "k": 5, "steps": {"stride": 2, "padding": 4}}),
    "shape-colour": ("conv_shape", {"channels": 3, "filters": 4, "k": 3, "n": 28, "size": 26}),
    "shape-grey": ("conv_shape", {"channels": 1, "filters": 6, "k": 11, "n": 28, "size": 18}),
    "shape-one": ("conv_shape", {"channels": 4, "filters": 1, "k": 1, "n": 4096, "size": 4096}),
    "field-two": ("conv_field", {"n": 28, "layers": [{"k": 3, "stride": 2, "padding": 1, "dilation": 1}] * 2}),
    "field-one": ("conv_field", {"n": 5, "layers": [{"k": 3, "stride": 1, "padding": 1, "dilation": 2}]}),
    "field-four": ("conv_field", {"n": 28, "layers": [{"k": 3, "stride": 2, "padding": 1, "dilation": 1}] * 4}),
    "channel-strides": colour_maps(SEVEN, 3, steps={"stride": 3, "padding": 4, "mode": "wrap"}),
}
