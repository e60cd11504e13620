"""The convolution demo behind one door: kernels, pictures and sums, in plain numbers."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine import images, kernels
from engine.catalogue import CATALOGUE, Kernel
from engine.convolution import Window, convolve, slice_window, window

if TYPE_CHECKING:
    from engine.photos import Photo

Numbers = list[list[float]]


class Demo:
    """What a chat needs of kernels and convolution; every kernel is as somebody types it.

    A picture is one of ours, by its name, or what `photo` made of somebody's file.
    """

    @property
    def catalogue(self) -> Mapping[str, Kernel]:
        """The kernels there are, by name."""
        return CATALOGUE

    @property
    def images(self) -> tuple[str, ...]:
        """The pictures there are."""
        return images.NAMES

    def kernel(self, text: str) -> Kernel:
        """The kernel of that name, or written out in numbers; UnknownKernel or BadKernel says what is wrong."""
        return kernels.kernel(text)

    def photo(self, data: bytes) -> "Photo":
        """The picture in a file that somebody brought; BadPhoto says why it cannot be used."""
        from engine import photos  # here, as a picture of ours needs no Pillow to be read

        return photos.read(data)

    def pixels(self, image: "str | Photo") -> Numbers:
        """The picture's pixels, 0 (paper) to 255 (ink); UnknownImage names those there are."""
        return _pixels(image).tolist()

    def output(self, image: "str | Photo", kernel: Kernel) -> Numbers:
        """The kernel slid over the picture: stride 1, no padding."""
        return convolve(_pixels(image), kernel).tolist()

    def window(self, image: "str | Photo", kernel: Kernel, row: int, col: int) -> Window:
        """The kernel at one place; OutsideImage names the places there are."""
        return window(_pixels(image), kernel, row, col)

    def slice(self, image: "str | Photo", kernel: Kernel, rows: tuple[int, int], cols: tuple[int, int]) -> Window:
        """The same, asked for by Python slices."""
        return slice_window(_pixels(image), kernel, rows, cols)


def _pixels(image: "str | Photo") -> NDArray[np.uint8]:
    return images.image(image) if isinstance(image, str) else image.pixels
