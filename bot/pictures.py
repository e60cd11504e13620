"""Pictures: drawn in one thread off the event loop, within a time limit, and kept on disk.

A picture is known by a hash of its plot, its data and the version of the style, so the same command gives the
same bytes, and a lost cache costs only the drawing; what shows a member's own picture is never put there. One
thread, because matplotlib holds a lock while it draws: more of them are no faster.
"""

import asyncio
import hashlib
import json
import logging
import os
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from bot.errors import StartError
from bot.values import Image

SECONDS = 20.0  # the slowest picture takes a tenth of a second once matplotlib is loaded, and that takes two
KEPT = 2_000  # pictures of at most 75 kB: 150 MB

log = logging.getLogger(__name__)


class Pictures:
    """Draws and keeps pictures. `draw` is the engine's, `version` its style's, `warm` loads what drawing needs."""

    def __init__(
        self,
        folder: Path,
        draw: Callable[[str, Mapping[str, Any]], bytes],
        version: str,
        *,
        seconds: float = SECONDS,
        observe: Callable[[str, float], None] = lambda result, seconds: None,
    ) -> None:
        self._folder, self._draw, self._version = folder, draw, version
        self._seconds, self._observe = seconds, observe
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="drawing")

    async def png(self, image: Image) -> bytes:
        """The picture's bytes; empty when it cannot be drawn, so that the answer stands without it."""
        path = self._folder / f"{self.key(image)}.{image.kind}"
        try:
            return await asyncio.wait_for(
                asyncio.get_running_loop().run_in_executor(self._thread, self._kept_or_drawn, path, image),
                self._seconds,
            )
        except TimeoutError:
            log.warning("a picture took too long", extra={"plot": image.plot, "seconds": self._seconds})
        except (ArithmeticError, LookupError, OSError, RuntimeError, TypeError, ValueError):
            log.exception("a picture could not be drawn", extra={"plot": image.plot})
        self._observe("failed", 0.0)
        return b""

    def key(self, image: Image) -> str:
        """What the picture is known by: 64 hexadecimal digits."""
        said = json.dumps([image.plot, image.data, self._version], sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(said.encode()).hexdigest()

    async def warm(self, load: Callable[[], object]) -> None:
        """Run `load` in the drawing thread, so that the first picture need not wait for an import."""
        await asyncio.get_running_loop().run_in_executor(self._thread, load)

    def check(self) -> str:
        """How the cache is; StartError when it cannot be written to."""
        try:
            _write(self._folder / "check.txt", b"written by the check\n")
        except OSError as problem:
            raise StartError(
                f"{self._folder} cannot be written to ({problem}): pictures are kept there."
            ) from problem
        return f"kept in {self._folder}"

    def prune(self, keep: int = KEPT) -> int:
        """Delete all but the newest pictures; returns how many went."""
        pictures = (path for path in self._folder.glob("*") if path.suffix in {".png", ".gif"})
        kept = sorted(pictures, key=lambda path: path.stat().st_mtime, reverse=True)
        for path in kept[keep:]:
            path.unlink(missing_ok=True)
        return len(kept[keep:])

    def close(self) -> None:
        """Finish the picture in hand and start no other."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _kept_or_drawn(self, path: Path, image: Image) -> bytes:
        started = time.perf_counter()
        if image.kept and path.exists():
            self._observe("kept", time.perf_counter() - started)
            return path.read_bytes()
        png = self._draw(image.plot, image.data)
        try:
            if image.kept:
                _write(path, png)
        except OSError:
            log.exception("a picture could not be kept", extra={"plot": image.plot})
        self._observe("drawn", time.perf_counter() - started)
        return png


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    Path(temporary).replace(path)
