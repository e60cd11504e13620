"""Kernels with an angle: `sobel:45` is turned, `motion:30` is a line drawn that way.

Angles run as in a school book: 0° is to the right, 90° is up.
"""

import math
from dataclasses import replace

import numpy as np

from engine import matrices
from engine.catalogue import CATALOGUE, Kernel
from engine.errors import BadKernel
from engine.matrices import Matrix

STEP = 45  # degrees from one cell of the ring to the next
RING = ((0, 0), (1, 0), (2, 0), (2, 1), (2, 2), (1, 2), (0, 2), (0, 1))  # against the clock
TOWARDS = ("right", "upper right", "top", "upper left", "left", "lower left", "bottom", "lower right")
LINES = {"motion": 3, "motionblur": 3, "motion3": 3, "motion5": 5, "motion7": 7}
MOST_AMOUNT = 10
TURNED = {"sobel": "rightsobel"}  # names that need an angle; sobel:0 is OpenCV's sobel x


def turned(kernel: Kernel, angle: float) -> Kernel:
    """A 3×3 kernel turned against the clock: its outer cells move around the middle, by one for every 45°."""
    if kernel.size != 3:
        raise BadKernel(f"Only 3×3 kernels are turned: {kernel.name} has {kernel.size}×{kernel.size}.")
    if angle % STEP:
        raise BadKernel(
            f"{kernel.name} turns by steps of {STEP}°, from cell to cell: 0, 45, 90 and so on, not {angle:g}. "
            "A line can have any angle: motion:30."
        )
    steps = int(angle // STEP) % 8
    weights = [list(row) for row in kernel.weights]
    for place, (row, col) in enumerate(RING):
        to_row, to_col = RING[(place + steps) % 8]
        weights[to_row][to_col] = kernel.weights[row][col]
    return known(f"{kernel.name}:{angle:g}", tuple(tuple(row) for row in weights), f"{kernel.name}, turned")


def line(name: str, size: int, angle: float) -> Kernel:
    """A line of `size` points through the middle, each shared by the two cells it lies between; the sum is 1."""
    across, up = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    longer = max(abs(across), abs(up))
    middle, weights = size // 2, np.zeros((size, size))
    for step in range(-middle, middle + 1):
        row, col = round(middle - step * up / longer, 9), round(middle + step * across / longer, 9)
        for near in {math.floor(row), math.ceil(row)}:
            for beside in {math.floor(col), math.ceil(col)}:
                weights[near, beside] += (1 - abs(row - near)) * (1 - abs(col - beside)) / size
    plain = tuple(tuple(float(value) for value in row) for row in weights)
    made = known(f"{name}:{angle:g}", plain, "a line, after kornia")
    return made if made.high else replace(made, high=f"Much ink along a line at {angle:g}°.")


def unsharp(amount: float) -> Kernel:
    """`identity + amount · (identity − blur)`."""
    if not abs(amount) <= MOST_AMOUNT:
        raise BadKernel(f"unsharp takes an amount, no angle: up to {MOST_AMOUNT}, as more drowns the picture.")
    identity, blur = CATALOGUE["identity"].array, CATALOGUE["blur"].array
    weights = identity + amount * (identity - blur)
    plain = tuple(tuple(float(value) for value in row) for row in weights)
    made = known(f"unsharp:{amount:g}", plain, "identity + a·(identity − blur)")
    if made.naming:
        return made
    shown = matrices.written(amount)
    return replace(
        made,
        high=CATALOGUE["unsharp"].high if amount > 0 else "Much ink nearby: it blurs, as the amount is negative.",
        naming=f"It is identity + a·(identity − blur) with a = {shown}.",
    )


def known(name: str, weights: Matrix, source: str) -> Kernel:
    """The kernel with what the catalogue says of those weights, or what can be seen from them."""
    for each in CATALOGUE.values():
        if each.size == len(weights) and np.allclose(each.array, weights, rtol=0, atol=1e-9):
            same = f"The same weights as {each.name}."
            return replace(each, name=name, aliases=(), naming=f"{same} {each.naming}".strip(), source=source)
    return Kernel(name=name, weights=weights, high=_slope(weights), source=source)


def _slope(weights: Matrix) -> str:
    """Where ink grows, for a kernel that is its own negative when turned over; else nothing."""
    array = np.array(weights)
    if not np.allclose(array, -array[::-1, ::-1]):
        return ""
    reach = np.arange(len(array)) - len(array) // 2
    up, across = -float(array.sum(axis=1) @ reach), float(array.sum(axis=0) @ reach)
    if not round(up, 9) and not round(across, 9):  # it grows nowhere: zeros, for example
        return ""
    angle = math.degrees(math.atan2(up, across))
    towards = round(angle / STEP) % 8
    return f"Paper at the {TOWARDS[(towards + 4) % 8]} and ink at the {TOWARDS[towards]}: an edge that way."
