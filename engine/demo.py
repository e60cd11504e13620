"""The convolution demo behind one door: kernels, pictures and sums, in plain numbers."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine import images, kernels, matrices, sizes
from engine.catalogue import CATALOGUE, Kernel
from engine.convolution import MODES, Window, convolve, slice_window, window
from engine.layers import convolve_channels

if TYPE_CHECKING:
    from engine.photos import Photo

MOST_DIVISOR = 1 << 16  # in words there is room: four blurs in a row are over 65536

Numbers = list[list[float]]


class Demo:
    """What a chat needs of kernels and convolution; every kernel is as somebody types it.

    A picture is one of ours, by its name, or what `photo` made of somebody's file. `steps` are stride, padding,
    mode and dilation, by name.
    """

    @property
    def catalogue(self) -> Mapping[str, Kernel]:
        """The kernels there are, by name."""
        return CATALOGUE

    @property
    def images(self) -> tuple[str, ...]:
        """The pictures that have a name; beside them there is every letter and digit."""
        return (*images.NAMES, images.CARD)

    @property
    def modes(self) -> Mapping[str, str]:
        """The ways to fill the padding, and a row of each."""
        return {name: f"{mode.example} ({mode.elsewhere})" for name, mode in MODES.items()}

    def kernel(self, text: str) -> Kernel:
        """The kernel of that name, or written out in numbers; UnknownKernel or BadKernel says what is wrong."""
        return kernels.kernel(text)

    def chain(self, text: str) -> tuple[Kernel, ...]:
        """The kernels of `blur | outline`, in their order; mostly one."""
        return kernels.chain(text)

    def fractions(self, weights: Sequence[Sequence[float]]) -> tuple[list[list[str]], int]:
        """The weights as short texts, and what they are all divided by; exact wherever that can be."""
        return matrices.whole(weights, MOST_DIVISOR)

    def equivalent(self, stages: Sequence[Kernel]) -> Kernel:
        """The one kernel that does what the stages do one after the other."""
        return kernels.equivalent(stages)

    def adjusted(self, kernel: Kernel, *, divisor: float, normalise: bool, flip: bool) -> Kernel:
        """The kernel divided, brought to a sum of 1, turned by 180°."""
        return kernels.adjusted(kernel, divisor=divisor, normalise=normalise, flip=flip)

    def photo(self, data: bytes) -> "Photo":
        """The picture in a file that somebody brought; BadPhoto says why it cannot be used."""
        from engine import photos  # here, as a picture of ours needs no Pillow to be read

        return photos.read(data)

    def pixels(self, image: "str | Photo") -> Numbers:
        """The picture's pixels, 0 (paper) to 255 (ink); UnknownImage names those there are."""
        return _pixels(image).tolist()

    def channels(self, image: "str | Photo") -> list[Numbers]:
        """Its red, its green and its blue light, 0 (none) to 255 (full)."""
        return [channel.tolist() for channel in _channels(image)]

    def encoded(self, image: "str | Photo") -> str:
        """Its colours as a drawing takes them."""
        from engine import photos

        return photos.encoded(_colours(image))

    def output(self, image: "str | Photo", kernel: Kernel, *, add: float = 0, **steps: Any) -> Numbers:
        """The kernel slid over the picture, plus `add`."""
        return (convolve(_pixels(image), kernel, **steps) + add).tolist()

    def slid(self, pixels: Numbers, kernel: Kernel) -> Numbers:
        """The kernel slid over what an earlier one made."""
        return convolve(pixels, kernel).tolist()

    def maps(
        self, image: "str | Photo", kernel: Kernel, *, groups: int = 3, add: float = 0, **steps: Any
    ) -> list[Numbers]:
        """The kernel slid over red, green and blue: a map of each (groups of 3), or their sum (a group of 1)."""
        weights = np.tile(kernel.array, (groups, 3 // groups, 1, 1))  # (out, C/groups, k, k)
        made = convolve_channels(_channels(image), weights, groups=groups, **steps) + add
        return made.tolist()

    def window(self, image: "str | Photo", kernel: Kernel, row: int, col: int, **steps: Any) -> Window:
        """The kernel at one place; OutsideImage names the places there are."""
        return window(_pixels(image), kernel, row, col, **steps)

    def slice(
        self, image: "str | Photo", kernel: Kernel, rows: tuple[int, int], cols: tuple[int, int], **steps: Any
    ) -> Window:
        """The same, asked for by Python slices."""
        return slice_window(_pixels(image), kernel, rows, cols, **steps)

    def size(self, n: int, k: int, *, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
        """How many places a kernel of k cells takes along a side of n."""
        return sizes.output_size(n, k, stride, padding, dilation)

    def formula(self, n: int, k: int, *, stride: int = 1, padding: int = 0, dilation: int = 1) -> str:
        """The same, with the formula filled in."""
        return sizes.formula(n, k, stride, padding, dilation)

    def visits(self, n: int, k: int, *, stride: int = 1, padding: int = 0, dilation: int = 1) -> list[int]:
        """How many windows touch each cell of a side."""
        return sizes.visits(n, k, stride, padding, dilation)

    def centres(self, n: int, k: int, *, stride: int = 1, padding: int = 0, dilation: int = 1) -> range:
        """The cells of a side that are the middle of a window."""
        return sizes.centres(n, k, stride, padding, dilation)

    def parameters(self, channels_in: int, channels_out: int, k: int, groups: int = 1) -> tuple[int, int]:
        """The weights and the biases of a layer."""
        return sizes.parameters(channels_in, channels_out, k, groups)

    def field(self, layers: Sequence[Mapping[str, int]]) -> tuple[int, int]:
        """The receptive field of layers in a row (k, stride, padding, dilation), and the step between two."""
        return sizes.receptive_field([sizes.Layer(**layer) for layer in layers])


def _pixels(image: "str | Photo") -> NDArray[np.uint8]:
    return images.image(image) if isinstance(image, str) else image.pixels


def _colours(image: "str | Photo") -> NDArray[np.uint8]:
    return images.colours(image) if isinstance(image, str) else image.colours


def _channels(image: "str | Photo") -> NDArray[np.uint8]:
    """(3, rows, columns)."""
    return _colours(image).transpose(2, 0, 1)
