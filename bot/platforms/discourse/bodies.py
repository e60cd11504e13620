"""What a request carries, encoded once: a second try sends the very same bytes, by which the forum knows it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode


@dataclass(frozen=True, kw_only=True)
class Body:
    """Bytes and what they are."""

    content_type: str
    content: bytes = field(repr=False)


def json_body(value: Mapping[str, object]) -> Body:
    """JSON."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Body(content_type="application/json", content=text.encode("utf-8", "replace"))


def form_body(fields: Mapping[str, str | int]) -> Body:
    """A form."""
    return Body(content_type="application/x-www-form-urlencoded", content=urlencode(fields).encode())


def multipart_body(fields: Mapping[str, str], *, filename: str, content_type: str, content: bytes) -> Body:
    """A form with a file in it. The boundary comes from the file: the same file makes the same bytes."""
    boundary = f"part-{hashlib.sha256(content).hexdigest()}"
    name = "".join(sign if sign.isalnum() or sign in "-_." else "-" for sign in filename)
    parts = [(f'form-data; name="{key}"', "", value.encode()) for key, value in fields.items()]
    parts.append((f'form-data; name="file"; filename="{name}"', f"Content-Type: {content_type}\r\n", content))
    lines = [
        f"--{boundary}\r\nContent-Disposition: {disposition}\r\n{more}\r\n".encode() + value + b"\r\n"
        for disposition, more, value in parts
    ]
    whole = b"".join([*lines, f"--{boundary}--\r\n".encode()])
    return Body(content_type=f"multipart/form-data; boundary={boundary}", content=whole)
