"""Picture files as people bring them, made by Pillow for a test."""

import io
from typing import Any

import numpy as np
from PIL import Image


def file(image: Image.Image, kind: str, **options: Any) -> bytes:
    """The picture as a file of that format."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def noise(rows: int, columns: int) -> Image.Image:
    """A coloured picture that is different everywhere, and the same each time."""
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (rows, columns, 3), dtype=np.uint8))
