"""The convolution demo behind one door: kernels, pictures and sums, in plain numbers."""

from collections.abc import Mapping

from engine import images, kernels
from engine.catalogue import CATALOGUE, Kernel
from engine.convolution import Window, convolve, slice_window, window

Numbers = list[list[float]]


class Demo:
    """What a chat needs of kernels and convolution; every picture is named, every kernel as somebody types it."""

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

    def pixels(self, image: str) -> Numbers:
        """The picture's pixels, 0 (paper) to 255 (ink); UnknownImage names those there are."""
        return images.image(image).tolist()

    def output(self, image: str, kernel: Kernel) -> Numbers:
        """The kernel slid over the picture: stride 1, no padding."""
        return convolve(images.image(image), kernel).tolist()

    def window(self, image: str, kernel: Kernel, row: int, col: int) -> Window:
        """The kernel at one place; OutsideImage names the places there are."""
        return window(images.image(image), kernel, row, col)

    def slice(self, image: str, kernel: Kernel, rows: tuple[int, int], cols: tuple[int, int]) -> Window:
        """The same, asked for by Python slices."""
        return slice_window(images.image(image), kernel, rows, cols)
