"""What can go wrong in the engine.

EngineError
├── InputError            what was asked for cannot be: its text is a sentence for the person who asked
│   ├── UnknownTitle      no film of that name (`near`: the closest titles)
│   ├── UnknownUser       nobody of that name in the data
│   ├── BadNumbers        numbers typed by hand that cannot be worked with
│   ├── UnknownKernel     no kernel of that name (`near`: the closest names)
│   ├── BadKernel         a kernel written by hand that is not one
│   ├── UnknownImage      no picture of that name
│   ├── BadPhoto          a file that is no picture, or one too large
│   └── OutsideImage      a position or slice that the picture does not have
└── FileError             a file that cannot be used: names the file and the reason
    ├── BadModel          not one of our model files, or damaged
    └── BadRatings        not a ratings file, with the line that is wrong
"""

from collections.abc import Sequence
from pathlib import Path


class EngineError(Exception):
    """Anything the engine refuses."""


class InputError(EngineError):
    """A request that cannot be met; `str(error)` is fit to be shown.

    `stray`: a word behind what was understood, which means nothing here; it may have been meant for somebody else.
    """

    stray: str = ""


class UnknownTitle(InputError):
    """No film has that title."""

    def __init__(self, title: str, near: Sequence[str] = ()) -> None:
        self.title, self.near = title, tuple(near)
        super().__init__(f"I don't know the film {title!r}." + nearest(near))


class UnknownUser(InputError):
    """Nobody in the data has that name: a number, in MovieLens."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        self.name = name
        last = max(known, key=lambda each: (len(each), each))
        super().__init__(f"There is no user {name[:40]!r} in the data: {len(known)} users, {known[0]} to {last}.")


class BadNumbers(InputError):
    """Numbers typed by hand that cannot be worked with; says which, and what would be right."""


class UnknownKernel(InputError):
    """No kernel has that name; or one has, and what stands behind it is `stray`."""

    def __init__(self, name: str, near: Sequence[str] = (), *, stray: str = "", which: str = "") -> None:
        self.name, self.near, self.stray = name, tuple(near), stray
        said = which or f"I don't know the kernel {name!r}." + nearest(near)
        super().__init__(f"I know the kernel {name!r}, but not {stray!r} behind it." if stray else said)


class BadKernel(InputError):
    """A kernel written out by hand that cannot be used."""

    def __init__(self, message: str, *, stray: str = "") -> None:
        self.stray = stray
        super().__init__(message)


class UnknownImage(InputError):
    """No picture has that name; or it is `unprinted`, a letter that our font does not have."""

    def __init__(self, name: str, known: Sequence[str], *, unprinted: bool = False) -> None:
        self.name, self.known = name, tuple(known)
        problem = f"My font has no {name[-1:]}." if unprinted else f"I don't know the picture {name!r}."
        super().__init__(f"{problem} I have: {', '.join(known)}.")


class BadPhoto(InputError):
    """A file that somebody brought as a picture, and that cannot be used as one."""


class OutsideImage(InputError):
    """A position or slice that lies outside the picture."""


class FileError(EngineError):
    """A file that cannot be used; names it and says why."""

    def __init__(self, path: Path | str, reason: str) -> None:
        self.path, self.reason = Path(path), reason
        super().__init__(f"{path}: {reason}")


class BadModel(FileError):
    """Not one of our model files, or damaged."""


class BadRatings(FileError):
    """Not a ratings file, or a line of it is wrong."""


def nearest(near: Sequence[str]) -> str:
    """` The nearest: A, B, C.`, or nothing."""
    return f" The nearest: {', '.join(near)}." if near else ""
