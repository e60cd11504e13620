"""Parameters as the forum reads them: from query, form, multipart or JSON, nested as `post[raw]` says."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from tests.fakes.discourse.values import Problem

PART = re.compile(r"\[([^\]]*)\]")


@dataclass(frozen=True, kw_only=True)
class File:
    """A file of a multipart form."""

    name: str
    data: bytes


def nested(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """`a[b]=1&c[]=2&c[]=3` is `{"a": {"b": "1"}, "c": ["2", "3"]}`; of the same name twice, the last counts."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        head, parts = name.split("[", 1)[0], PART.findall(name)
        if parts == [""]:
            many = found.setdefault(head, [])
            if isinstance(many, list):
                cast("list[Any]", many).append(value)
        elif parts:
            _put(found, [head, *parts], value)
        else:
            found[head] = value
    return found


def _put(into: dict[str, Any], path: list[str], value: Any) -> None:
    for name in path[:-1]:
        below = into.setdefault(name, {})
        if not isinstance(below, dict):
            return
        into = cast("dict[str, Any]", below)
    into[path[-1]] = value


class Params:
    """What a request asks for. What is missing or of the wrong kind is a 400, as in the forum."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        # JSON bodies may say `"post_ids[]": [1]`, as the official document does.
        self.values = {name.removesuffix("[]"): value for name, value in values.items()}

    def __contains__(self, name: str) -> bool:
        return self.values.get(name) not in (None, "")

    def text(self, name: str) -> str | None:
        """A text; numbers and booleans in JSON are texts too."""
        value = self.values.get(name)
        if isinstance(value, bool):
            return "true" if value else "false"
        return str(value) if isinstance(value, str | int | float) and value != "" else None

    def required(self, name: str) -> str:
        """A text that has to be there."""
        value = self.text(name)
        if value is None:
            raise _bad(f"param is missing or the value is empty or invalid: {name}")
        return value

    def number(self, name: str) -> int | None:
        """A whole number."""
        value = self.text(name)
        if value is None:
            return None
        if not re.fullmatch(r"-?\d{1,18}", value):
            raise _bad(f"You supplied invalid parameters to the request: {name}")
        return int(value)

    def flag(self, name: str) -> bool:
        """Whether it is true."""
        return self.text(name) in ("true", "1", "t")

    def moment(self, name: str) -> datetime | None:
        """An instant in ISO form; without a zone it is UTC."""
        value = self.text(name)
        if value is None:
            return None
        try:
            instant = datetime.fromisoformat(value)
        except ValueError:
            raise _bad(f"You supplied invalid parameters to the request: {name}") from None
        return instant if instant.tzinfo else instant.replace(tzinfo=UTC)

    def many(self, name: str) -> list[Any]:
        """A list; one value is a list of one."""
        value = self.values.get(name)
        if isinstance(value, list):
            return cast("list[Any]", value)
        return [] if value in (None, "") else [value]

    def below(self, name: str) -> "Params":
        """The parameters nested under a name."""
        value = self.values.get(name)
        return Params(cast("dict[str, Any]", value) if isinstance(value, dict) else {})

    def file(self, name: str) -> File | None:
        """A file."""
        value = self.values.get(name)
        return value if isinstance(value, File) else None


def _bad(text: str) -> Problem:
    return Problem(400, text, kind="invalid_parameters")
