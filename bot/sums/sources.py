"""Which picture a command means: one of ours by its name, or the one that a member attached."""

import asyncio
from typing import Annotated

from bot.command import Arg
from bot.context import Context
from bot.demo import Matrix, Photo
from bot.errors import UserError
from bot.sums.numbers import size
from bot.values import code, escape

ATTACHED = "attached"  # what image= calls the picture on the post, or on the post it answers
DRAWN = ("3", "7")
PRINTED = "letter:"
Source = str | Photo

Picture = Annotated[
    str,
    Arg(
        help=f"3 or 7 (drawn), a letter or digit, card, or {ATTACHED}; else the attached picture, else the 3",
        complete="images",
        read=str,  # a name is one word: what follows is not part of it
    ),
]


async def source(ctx: Context, image: str) -> Source:
    """The picture that is meant: the name of ours, or the attached one, read beside the event loop."""
    image = image.strip()
    if image.casefold() == ATTACHED and not ctx.attached:
        raise UserError(
            "There is no picture on this post. Attach a PNG, JPEG, WebP or GIF to the command, or answer a post "
            f"that has one. Without {code(f'image={ATTACHED}')} I take our own 3."
        )
    if ctx.attached and image.casefold() in {"", ATTACHED}:
        return await asyncio.to_thread(ctx.kernels.photo, ctx.attached)
    return image or DRAWN[0]


def called(image: Source) -> str:
    """`our own 3`, `our own test card`, `a printed A`, `the attached picture`: markup-safe."""
    if not isinstance(image, str):
        return "the attached picture"
    if image in DRAWN:
        return f"our own {image}"
    if image.casefold() == "card":
        return "our own test card"
    return f"a printed {escape(image.rpartition(':')[2])}"


def titled(image: Source) -> str:
    """The picture's name in a picture's title: `3`, `test card`, `A`."""
    if not isinstance(image, str):
        return "attached picture"
    return "test card" if image.casefold() == "card" else image.rpartition(":")[2]


def explicit(ctx: Context, image: str) -> str:
    """What a command says to mean this picture again: nothing where it is what it would take anyway."""
    return f" image={image}" if image != DRAWN[0] or ctx.attached else ""


def shrunk(pixels: Matrix, photo: Photo) -> str:
    """How large it is, and how large it was if it is smaller now."""
    now, was = size(pixels), f"{photo.shape[0]}×{photo.shape[1]}"
    return f"{now} pixels (rows × columns{f', made smaller from {was}' if now != was else ''})"


def extent(pixels: Matrix, image: Source) -> str:
    """How large the picture is, in words."""
    return f"{size(pixels)} pixels" if isinstance(image, str) else shrunk(pixels, image)
