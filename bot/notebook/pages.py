"""What the notebook's tables have in common: a page is one session in one place, a person one word."""

from sqlalchemy import ColumnElement, FromClause, Table
from sqlalchemy.dialects import postgresql

from bot.values import Person, Place

SOMEBODY = "somebody"
"""Who said what the group keeps, after that person asked to be forgotten."""


def insert(table: Table) -> postgresql.Insert:
    """An insert that may say what to do when the row is there; SQLite reads PostgreSQL's words for it."""
    return postgresql.insert(table)


def keys(place: Place, session: str) -> dict[str, str]:
    """The columns that name a page."""
    return {"platform": place.platform, "place": place.id, "session": session}


def on(table: FromClause, place: Place, session: str) -> tuple[ColumnElement[bool], ...]:
    """The rows of one page."""
    return tuple(table.c[name] == value for name, value in keys(place, session).items())


def word(person: Person) -> str:
    """A person in one column: a place's platform need not be theirs (the command line is the local person's)."""
    return f"{person.platform}/{person.id}"
