"""The page and its files: read once, so that nothing on disk is looked up by what a request names."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape as as_html
from pathlib import Path
from string import Template

from aiohttp import web

from bot.render import html

_FOLDER = Path(__file__).parent / "static"
_TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


@dataclass(frozen=True, kw_only=True)
class File:
    """A file as it is sent; its tag says whether the browser's copy is still good."""

    body: bytes
    type: str

    def response(self, request: web.Request) -> web.Response:
        """The file, or word that the browser's copy is good."""
        tag = hashlib.sha256(self.body).hexdigest()[:16]
        headers = {"ETag": f'"{tag}"', "Cache-Control": "no-cache"}
        if any(known.value == tag for known in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        return web.Response(body=self.body, content_type=self.type, charset="utf-8", headers=headers)


def index(title: str, welcome: str, examples: Sequence[str], prefix: str, *, week: bool) -> File:
    """The page itself; `welcome` is CommonMark, `examples` are commands that an empty thread offers.

    `week` says whether there is one to show, so that the page need not move when it comes.
    """
    page = Template((_FOLDER / "index.html").read_text(encoding="utf-8")).substitute(
        title=as_html(title),
        prefix=as_html(prefix),
        welcome=html(welcome),
        week="" if week else "hidden",
        examples="".join(f'<button type="button" class="choice">{as_html(each)}</button>' for each in examples),
    )
    return File(body=page.encode(), type="text/html")


def files() -> dict[str, File]:
    """What the page loads, by name."""
    return {
        path.name: File(body=path.read_bytes(), type=_TYPES[path.suffix])
        for path in _FOLDER.iterdir()
        if path.suffix in _TYPES
    }
