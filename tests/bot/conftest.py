"""What the tests of the bot share: a clock that stands still, a person, a small registry, a temporary database."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, cast

import pytest

from bot.command import Arg, Registry, command
from bot.context import Context, Parts
from bot.database import Database, connect
from bot.errors import UserError
from bot.values import Image, Incoming, Person, Place, PostRef, Reply
from tests.engine.conftest import made as made  # fixtures: some ratings, and a model of them
from tests.engine.conftest import small as small

NOW = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)
ANN = Person(platform="test", id="1", name="Ann")
ROOT = Person(platform="test", id="2", name="Root", is_admin=True)
THREAD = Place(platform="test", id="thread")


@command("echo", group="first", aliases=("say",), examples=("echo hello",))
async def echo(
    ctx: Context,
    text: Annotated[str, Arg(help="what to say", complete="words")],
    *,
    count: Annotated[int, Arg(help="how often", low=1, high=5)] = 1,
    case: Annotated[Literal["upper", "lower"], Arg(help="the letters")] = "lower",
    also: Annotated[str, Arg(help="what to add", complete="words")] = "",
    loud: Annotated[bool, Arg(help="add a mark")] = False,
) -> Reply:
    """Say something again.

    The details of it.
    """
    said = getattr(" ".join([text] * count), case)()
    return Reply(text=said + (f" {also}" if also else "") + ("!" if loud else ""))


@command("square", group="first", examples=("square size=2.5",))
async def square(ctx: Context, *, size: Annotated[float, Arg(help="its side", low=0, high=10)]) -> Reply:
    """Draw a square."""
    image = Image(plot="square", data={"size": size}, alt=f"A square of {size}.")
    return Reply(text=f"{size * size:g}", images=(image,))


@command("break", group="second", examples=("break",))
async def broken(ctx: Context) -> Reply:
    """Fail in a way nobody foresaw."""
    raise RuntimeError("token=SECRETSECRET")


@command("refuse", group="second", examples=("refuse",))
async def refuse(ctx: Context) -> Reply:
    """Refuse politely."""
    raise UserError("Not today.")


@command("reload", group="second", admin=True, examples=("reload",))
async def reload(ctx: Context) -> Reply:
    """Load the model again."""
    return Reply(text=f"Reloaded for {ctx.person.name}.")


@pytest.fixture
def registry() -> Registry:
    """A registry of five small commands, two of them misbehaving."""
    return Registry([echo, square, broken, refuse, reload])


@pytest.fixture
async def database(tmp_path: Path) -> AsyncGenerator[Database]:
    """A new database file, with its tables made at the first use."""
    made = connect(f"sqlite:///{tmp_path / 'group.db'}")
    yield made
    await made.close()


def context(person: Person = ANN, parts: Any = None) -> Context:
    """A context at NOW in THREAD; `parts` only for commands that use them."""
    return Context(person=person, place=THREAD, now=NOW, prefix="!", parts=cast("Parts", parts))


def incoming(text: str, *, person: Person = ANN, post: str = "1", direct: bool = False) -> Incoming:
    """A post in THREAD."""
    return Incoming(post=PostRef(place=THREAD, id=post), person=person, text=text, at=NOW, direct=direct)
