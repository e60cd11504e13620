"""The house stands: imports point one way, and each library is known to one place.

docs/architecture.md says why. When a test here fails, move the code; the tables below are the plan of the house.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.house import ROOMS, ROOT, Import, imports, imports_in, modules, tracked

LEVEL_VALUES = (
    *("bot", "bot.values", "bot.errors", "bot.addresses", "bot.actions"),
    *("bot.figures", "bot.insight", "bot.notes", "bot.spoken", "bot.steering", "bot.correspondence"),
    *("bot.trainings", "bot.losses", "bot.shelf", "bot.questionnaire", "bot.asking", "bot.counterparts"),
)
LEVEL_COMMAND = ("bot.platform", "bot.command", "bot.context", "bot.demo", "bot.predictions", "bot.titles")
LEVEL_TEXT = (
    *(
        "bot.parse",
        "bot.passages",
        "bot.pasted",
        "bot.stray",
        "bot.help",
        "bot.completion",
        "bot.render",
        "bot.render.*",
    ),
    "bot.dispatch",
)
PAGES = tuple(f"bot.notebook.{name}" for name in ("blogs", "catchup", "homework", "links", "marks", "questions"))
QUIZ = tuple(f"bot.questions.{name}" for name in ("answers", "cards", "items", "people", "prompts", "sittings"))
STORES = (
    "bot.guesses",
    "bot.members",
    "bot.inbox",
    "bot.ledger",
    "bot.lease",
    "bot.posts",
    "bot.unfinished",
    "bot.agenda",
    "bot.announcer",
    *PAGES,
    *QUIZ,
)
PROGRAMME = ("bot.programme", "bot.programme.*", "scheduler.*")

MAY_IMPORT: dict[tuple[str, ...], tuple[str, ...]] = {
    ("engine", "engine.*"): ("engine", "engine.*"),
    ("scheduler", "scheduler.*"): ("scheduler", "scheduler.*"),
    LEVEL_VALUES: LEVEL_VALUES,
    LEVEL_COMMAND: LEVEL_COMMAND + LEVEL_VALUES,
    LEVEL_TEXT: LEVEL_TEXT + LEVEL_COMMAND + LEVEL_VALUES,
    ("bot.sums", "bot.sums.*"): (
        "bot.sums",
        "bot.sums.*",
        "bot.command",
        "bot.context",
        "bot.demo",
        *LEVEL_VALUES,
    ),
    ("bot.commands",): ("bot.commands.*", "bot.command"),
    ("bot.commands.*",): (
        *("bot.sums", "bot.sums.*", "bot.command", "bot.context", "bot.demo", "bot.predictions", "bot.titles"),
        *LEVEL_VALUES,
    ),
    ("bot.platforms.discord", "bot.platforms.discord.*"): (
        "bot.platforms.discord.*",
        "bot.platforms.files",
        "bot.platforms.tasks",
        "bot.platforms.words",
        "bot.platform",
        "bot.command",
        "bot.render",
        *LEVEL_VALUES,
    ),
    ("bot.platforms", "bot.platforms.*"): ("bot.platforms.*", "bot.platform", "bot.render", *LEVEL_VALUES),
    ("bot.settings", "bot.logs", "bot.health", "bot.pictures", "bot.sources", "bot.clock"): LEVEL_VALUES,
    ("bot.migrations", "bot.migrations.*"): (),
    ("bot.database",): ("bot.migrations", *LEVEL_VALUES),
    ("bot.notebook", "bot.notebook.*"): ("bot.notebook.*", "bot.database", *LEVEL_VALUES),
    ("bot.questions", "bot.questions.*"): ("bot.questions.*", "bot.database", "scheduler.*", *LEVEL_VALUES),
    ("bot.programme", "bot.programme.*"): (*PROGRAMME, *LEVEL_VALUES),
    ("bot.messages", "bot.notices"): (*PROGRAMME, *LEVEL_VALUES),
    ("bot.rehearse",): ("bot.messages", "bot.render", *PROGRAMME, *LEVEL_VALUES),
    ("bot.overview",): ("bot.messages", *PROGRAMME, *LEVEL_VALUES),
    ("bot.calendar",): (*PROGRAMME, *LEVEL_VALUES),
    ("bot.diary",): ("bot.agenda", "bot.platform", *PROGRAMME, *LEVEL_VALUES),
    ("bot.dates",): ("scheduler.*", *LEVEL_VALUES),
    ("bot.agenda",): ("bot.database", *PROGRAMME, *LEVEL_VALUES),
    ("bot.announcer",): (
        *("bot.agenda", "bot.database", "bot.messages", "bot.notebook", "bot.notices", "bot.pages"),
        "bot.platform",
        *("bot.questions", *PROGRAMME, *LEVEL_VALUES),
    ),
    ("bot.pages",): ("bot.agenda", "bot.notebook", "bot.notebook.turning", *PROGRAMME, *LEVEL_VALUES),
    ("bot.answering",): (
        *("bot.context", "bot.dispatch", "bot.inbox", "bot.platform", "bot.progress", "bot.unfinished"),
        *LEVEL_VALUES,
    ),
    ("bot.progress",): ("bot.platform", *LEVEL_VALUES),
    ("bot.workers",): LEVEL_VALUES,
    ("bot.kernel_page",): ("bot.context", *LEVEL_VALUES),
    ("bot.worker",): ("engine.errors",),
    ("bot.stores",): (
        *(
            "bot.database",
            "bot.guesses",
            "bot.inbox",
            "bot.members",
            "bot.notebook",
            "bot.settings",
            "bot.unfinished",
            *LEVEL_VALUES,
        ),
    ),
    ("bot.trainer",): ("bot.workers", *LEVEL_VALUES),
    ("bot.models",): ("engine", "bot.workers", *LEVEL_VALUES),
    ("bot.checkup",): (
        *("engine", "bot.command", "bot.database", "bot.forum", "bot.guild", "bot.health", "bot.settings"),
        *(*PROGRAMME, *LEVEL_VALUES),
    ),
    ("bot.completers", "bot.listed"): ("bot.command", "bot.completion", *LEVEL_VALUES),
    ("bot.guild",): (
        *("bot.platforms.discord", "bot.platforms.discord.*", "bot.command", "bot.database", "bot.lease"),
        *("bot.ledger", "bot.settings", *LEVEL_VALUES),
    ),
    ("bot.forum",): (*("bot.platforms.discourse", "bot.platforms.discourse.*", "bot.settings", *LEVEL_VALUES),),
    ("bot.weekly",): (
        *(
            "bot.agenda",
            "bot.announcer",
            "bot.calendar",
            "bot.threads",
            "bot.database",
            "bot.diary",
            "bot.host",
            "bot.lease",
            "bot.notebook",
            "bot.overview",
            "bot.pages",
            "bot.questions",
            "bot.reminders",
        ),
        *("bot.platform", "bot.settings", *PROGRAMME, *LEVEL_VALUES),
    ),
    ("bot.host",): (
        *("bot.agenda", "bot.chapters", "bot.dates", "bot.desk", "bot.messages", "bot.platform"),
        *("bot.room", *PROGRAMME, *LEVEL_VALUES),
    ),
    ("bot.chapters", "bot.desk", "bot.room"): ("bot.agenda", *PROGRAMME, *LEVEL_VALUES),
    ("bot.reminders",): ("bot.platform", "bot.questions", "bot.questions.*", *LEVEL_VALUES),
    ("bot.threads",): ("bot.announcer", "bot.database", *LEVEL_VALUES),
    STORES: ("bot.database", *LEVEL_VALUES),
    ("bot.inside",): ("engine", "bot.sources", *LEVEL_VALUES),
    ("bot.train",): ("engine", "engine.*", "bot.errors", "bot.values"),
    ("bot.app",): ("*",),
    ("bot.__main__",): (
        *(
            "bot.app",
            "bot.checkup",
            "bot.clock",
            "bot.settings",
            "bot.logs",
            "bot.health",
            "bot.train",
            "bot.rehearse",
            "bot.programme",
            "bot.commands.questions",
            "bot.questions.files",
        ),
        *("bot.dispatch", "bot.render", *LEVEL_VALUES),
    ),
}
"""Who may import whom of ours. The first row that names a module counts; a module that no row names fails."""

VENDORS: dict[str, tuple[str, ...]] = {
    "PIL": ("engine.photos", "engine.letters", "engine.plots.*"),
    "aiohttp": ("bot.platforms.*",),
    "alembic": ("bot.database", "bot.migrations.*"),
    "apscheduler": ("scheduler.alarm",),
    "dateparser": ("bot.dates",),
    "discord": ("bot.platforms.discord", "bot.platforms.discord.*"),
    "fsrs": ("bot.questions.spacing",),
    "icalendar": ("bot.calendar",),
    "markdown_it": ("bot.render.*",),
    "matplotlib": ("engine.plots.*",),
    "nh3": ("bot.render.*",),
    "numpy": ("engine", "engine.*"),
    "prometheus_client": ("bot.health",),
    "pydantic": ("bot.settings",),
    "pydantic_settings": ("bot.settings",),
    "rapidfuzz": ("engine.titles",),
    "safetensors": ("engine.artifact",),
    "sqlalchemy": (
        "bot.database",
        "bot.migrations.*",
        "bot.notebook.pages",
        "bot.notebook.turning",
        "bot.threads",
        *STORES,
        "scheduler.*",
    ),
    "torch": (
        "engine.training",
        "engine.experiments",
        "engine.models",
        "engine.split",
        "engine.sparse",
        "engine.learning",
    ),
    "tqdm": ("bot.train",),
}
"""The one place that knows each library. Only the database and the stores (a table each) speak SQL."""

HEAVY = ("torch", "sqlalchemy", "alembic", "matplotlib", "PIL", "aiohttp", "markdown_it")


def fits(module: str, patterns: Sequence[str]) -> bool:
    """Whether one of the patterns names the module."""
    return any(fnmatchcase(module, pattern) for pattern in patterns)


def allowed(module: str) -> tuple[str, ...]:
    """What a module may import of ours."""
    for names, targets in MAY_IMPORT.items():
        if fits(module, names):
            return targets
    pytest.fail(f"{module} has no place in the plan: give it one in MAY_IMPORT and in docs/architecture.md")


def ours(module: str) -> Iterator[Import]:
    """What a module imports of ours."""
    return (each for each in imports(module) if each.target.partition(".")[0] in (*ROOMS, "tests", "benchmarks"))


def run(program: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a program as on an untouched machine: no environment, and `folder` is where one stands."""
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("module", list(modules()))
def test_imports_point_one_way(module: str) -> None:
    """A module imports only what stands below it, also inside functions and for the type checker."""
    below = allowed(module)
    wrong = [str(each) for each in ours(module) if not fits(each.target, below)]
    assert not wrong


def test_no_module_waits_for_itself() -> None:
    """There is no circle of imports, however long."""
    graph = {module: {each.target for each in ours(module)} - {module} for module in modules()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(" → ".join(circle.args[1]))


@pytest.mark.parametrize("module", list(modules()))
def test_one_place_knows_each_library(module: str) -> None:
    """A library is imported where VENDORS says, and every library has its place there."""
    for each in imports(module):
        library = each.target.partition(".")[0]
        if library not in (*ROOMS, *sys.stdlib_module_names):
            assert library in VENDORS, f"{each}: which one place shall know {library}? Add it to VENDORS"
            assert fits(module, VENDORS[library]), f"{each}; only {', '.join(VENDORS[library])} may"


@pytest.mark.parametrize("module", [name for name in modules() if fits(name, STORES)])
def test_a_store_describes_its_tables(module: str) -> None:
    """Who speaks SQL beside the database is a store: it adds its tables to the database's `metadata`."""
    source = modules()[module].read_text(encoding="utf-8")
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    tables = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Table"]
    assert tables, f"{module} holds no table: does it need SQL?"
    assert all(isinstance(table.args[1], ast.Name) and table.args[1].id == "metadata" for table in tables)


def test_every_module_imports_bare(tmp_path: Path) -> None:
    """Importing any module works with an empty environment, away from the project, and asks no network."""
    # migrations.env is run by Alembic, in a context of its own.
    names = [name for name in modules() if name != "bot.migrations.env"]
    program = f"""
import importlib, socket
def refuse(*_args, **_kwargs):
    raise AssertionError("an import asked the network")
socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
for name in {names!r}:
    importlib.import_module(name)
"""
    done = run(program, tmp_path)
    assert done.returncode == 0, done.stderr
    assert not list(tmp_path.iterdir()), "an import left files behind"


def test_a_text_answer_is_light(tmp_path: Path) -> None:
    """What no text answer needs is not imported on the way to one: most of the start-up time is imports."""
    program = f"""
import asyncio, sys
from bot.app import App
from bot.settings import Settings
async def ask():
    async with App(Settings()) as app:
        return await app.ask("!similar Terminator", draw=False)
print("Terminator 2" in str(asyncio.run(ask()).table), [name for name in {HEAVY!r} if name in sys.modules])
"""
    done = run(program, tmp_path)
    assert done.stdout == "True []\n", done.stdout + done.stderr
    assert not list(tmp_path.iterdir()), "a text answer left files behind"


@pytest.mark.parametrize(
    "path", [path.relative_to(ROOT).as_posix() for path in tracked() if path.suffix in {".py", ".js", ".css"}]
)
def test_a_file_holds_one_idea(path: str) -> None:
    """No file has more than 400 lines: one that long holds two ideas, and is split by idea."""
    assert len((ROOT / path).read_text(encoding="utf-8").splitlines()) <= 400


def test_every_form_of_import_is_seen() -> None:
    """Imports are found at the top, in functions, for the type checker, relative, and by a package's modules."""
    source = """
import torch.nn
from typing import TYPE_CHECKING
from . import errors
from .plots import style
from engine import kernels, load
if TYPE_CHECKING:
    import discord
def late():
    from bot.values import Reply
"""
    seen = {each.target for each in imports_in(source, "engine", "engine/probe.py")}
    expected = {
        "torch.nn",
        "engine.errors",
        "engine.plots.style",
        "engine.kernels",
        "engine",
        "discord",
        "bot.values",
    }
    assert seen == expected | {"typing"}
