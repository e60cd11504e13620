"""A kernel by name, or written out by hand."""

import difflib

from engine import matrices
from engine.catalogue import CATALOGUE, Kernel
from engine.errors import UnknownKernel

__all__ = ["CATALOGUE", "Kernel", "find", "kernel", "parse"]


def find(name: str) -> Kernel:
    """The catalogue's kernel of that name; case, spaces, hyphens and underscores do not matter."""
    wanted = _key(name)
    if wanted in _BY_KEY:
        return _BY_KEY[wanted]
    # No cutoff: even a far-off word is answered with names that work. Six, as aliases share a kernel.
    close = difflib.get_close_matches(wanted, _BY_KEY, n=6, cutoff=0)
    raise UnknownKernel(name[:40], list(dict.fromkeys(_BY_KEY[key].name for key in close))[:4])


def parse(text: str) -> Kernel:
    """A kernel written out: `[[-1,0,1],[-2,0,2],[-1,0,1]]`, or rows parted by `;`."""
    return Kernel(name="custom", weights=matrices.parse(text), source="written by hand")


def kernel(text: str) -> Kernel:
    """The kernel that was meant: written out when it looks like numbers in rows, else by name."""
    return parse(text) if text.lstrip().startswith("[") or ";" in text else find(text)


def _key(name: str) -> str:
    return name.casefold().translate({ord(mark): None for mark in " -_"})


_BY_KEY = {_key(name): row for row in CATALOGUE.values() for name in (row.name, *row.aliases)}
