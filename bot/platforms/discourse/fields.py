"""JSON of somebody else's making, read without trust: what is missing or of another type is empty."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast


class Fields:
    """A JSON object."""

    def __init__(self, plain: object) -> None:
        self.plain: Mapping[str, Any] = cast("Mapping[str, Any]", plain) if isinstance(plain, dict) else {}

    def __contains__(self, name: str) -> bool:
        return name in self.plain

    def inner(self, name: str) -> "Fields":
        """The object in it of that name."""
        return Fields(self.plain.get(name))

    def items(self, name: str) -> list[Any]:
        """The list of that name."""
        value = self.plain.get(name)
        return cast("list[Any]", value) if isinstance(value, list) else []

    def objects(self, name: str) -> "list[Fields]":
        """The list of objects of that name."""
        return [Fields(each) for each in self.items(name) if isinstance(each, dict)]

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts in the list of that name."""
        return tuple(each for each in self.items(name) if isinstance(each, str))

    def numbers(self, name: str) -> tuple[int, ...]:
        """The whole numbers in the list of that name."""
        return tuple(each for each in self.items(name) if isinstance(each, int) and not isinstance(each, bool))

    def text(self, name: str) -> str:
        """The text of that name."""
        value = self.plain.get(name)
        return value if isinstance(value, str) else ""

    def number(self, name: str, default: int = 0) -> int:
        """The whole number of that name, be it written as text."""
        found = self.maybe(name)
        return default if found is None else found

    def maybe(self, name: str) -> int | None:
        """The whole number of that name, if there is one."""
        value = self.plain.get(name)
        if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 20:
            return int(value)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def flag(self, name: str) -> bool:
        """Whether it says so."""
        return self.plain.get(name) is True

    def instant(self, name: str) -> datetime | None:
        """The moment of that name, in UTC."""
        try:
            found = datetime.fromisoformat(self.text(name))
            return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
        except (ValueError, OverflowError):  # no date; one that UTC has no year for
            return None
