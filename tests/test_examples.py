"""Whatever we tell people to type works: the commands' examples, and every command our pages mention."""

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import LOCAL, App, registry
from bot.command import Registry
from bot.commands import films
from bot.dispatch import Refusal
from bot.parse import lines
from bot.values import Person, Reply
from tests.bot.commands.test_questionnaire import taken
from tests.bot.questions.sheets import chapter
from tests.house import code_spans, pages

PREFIX = "!"
LIGHT = 75_000  # bytes: a picture is there at once, on a phone too
MOVING = 2_000_000  # the same for one that moves
SIGNATURES = {"png": b"\x89PNG\r\n\x1a\n", "gif": b"GIF89a"}


def examples(commands: Registry) -> list[str]:
    """Every example, as it is typed."""
    return [PREFIX + line for command in commands for line in command.examples]


def mentions() -> Iterator[tuple[str, str]]:
    """Every command in a code span of our pages, with the page. docs/commands.md repeats the examples."""
    for page, text in pages().items():
        if page != "docs/commands.md":
            for span in dict.fromkeys(code_spans(text)):
                if any(lines(span, PREFIX)):
                    yield page, span


async def answered(app: App, line: str) -> Reply:
    """The answer to a line: no refusal, and each picture is drawn, light, and says its message in a sentence."""
    reply = await app.ask(line)
    assert not isinstance(reply, Refusal), reply.text
    assert reply.text.strip()
    for image in reply.images:
        assert image.png.startswith(SIGNATURES[image.kind]), f"{image.plot} was not drawn"
        assert len(image.png) <= (MOVING if image.kind == "gif" else LIGHT), (
            f"{image.plot} has {len(image.png):,} bytes"
        )
        assert re.fullmatch(r".{20,}\.", image.alt, re.DOTALL), f"{image.plot} says {image.alt!r}"
    return reply


async def prepared(app: App, line: str) -> None:
    """What some commands go on from: a quiz, an answer of one's own, an answer that another one shares."""
    other = Person(platform="test", id="1", name="Ann")
    before = {
        "!later": [("!quiz 8", LOCAL)],
        "!share": [("!answer 1 by stars", LOCAL)],
        "!good": [("!answer 1 by stars", other), ("!share 1", other), ("!answer 1 by stars", LOCAL)],
    }
    for said, person in before.get(line.split()[0], ()):
        await app.ask(said, draw=False, person=person)


@pytest.mark.parametrize("line", examples(registry()))
async def test_an_example_runs(app: App, line: str) -> None:
    """A command's example is answered, as a rule to a newcomer, and so is whatever the answer offers next."""
    await prepared(app, line)
    reply = await answered(app, line)
    for choice in reply.choices:
        further = await app.ask(choice.command, draw=False)
        assert not isinstance(further, Refusal), f"{choice.command}: {further.text}"


@pytest.mark.parametrize(("page", "line"), list(mentions()))
async def test_a_page_tells_the_truth(app: App, page: str, line: str) -> None:
    """A command that a page shows with its parameters is answered; a bare name is one that there is."""
    (call,) = lines(line, PREFIX)
    assert app.registry.get(call.word), f"{page} names {line}, which there is not"
    if (call.word, call.rest) == ("questionnaire", "import"):  # with a file, which a page does not have
        assert not isinstance(await taken(app, "13_convolutions.ipynb", chapter(13, 40)), Refusal)
    elif call.rest:
        await answered(app, line)


async def test_the_same_line_gives_the_same_answer(app: App) -> None:
    """Asked twice, words, numbers and pictures are the same to the byte."""
    first, second = [await app.ask("!similar Terminator") for _ in range(2)]
    assert first == second


async def test_the_command_in_contributing_works(app: App, tmp_path: Path) -> None:
    """The example that CONTRIBUTING.md adds to bot/commands/films.py is a command that runs."""
    (added,) = re.findall(r"```python\n(.*?)```", pages()["CONTRIBUTING.md"], re.DOTALL)
    longer = tmp_path / "films.py"
    longer.write_text(Path(films.__file__).read_text(encoding="utf-8") + "\n\n" + added, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("longer_films", longer)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    app.registry = Registry.of(module)
    new = [line for line in examples(app.registry) if line not in examples(registry())]
    assert new
    for line in new:
        await answered(app, line)


def test_the_pages_show_commands() -> None:
    """The README's commands are found, and therefore run."""
    assert ("README.md", "!similar Terminator") in mentions()
