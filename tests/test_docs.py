"""The pages say what is so: each list in them is compared with the thing it lists."""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

from bot import VERSION
from bot.app import registry
from bot.help import markdown
from bot.settings import Settings
from tests.house import ROOT, code_spans, imports, modules, pages, tracked

PAGES = pages()


def makefile_targets() -> set[str]:
    """The targets with a help text."""
    return set(re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def example_settings() -> Iterator[tuple[str, str, bool]]:
    """Each line of .env.example that sets something: name, value, and whether a comment stands above."""
    above = ""
    for line in (ROOT / ".env.example").read_text(encoding="utf-8").splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            yield name, value, above.startswith("#")
        above = line


def normal(name: str) -> str:
    """A distribution's name as pip compares it: `markdown_it_py` is `markdown-it-py`."""
    return re.sub(r"[-_.]+", "-", name).casefold()


def project() -> dict[str, Any]:
    """What pyproject.toml says of the project."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def names(asked: list[str]) -> list[str]:
    """`sqlalchemy[asyncio]>=2.1` is `sqlalchemy`."""
    return [normal(re.split(r"[\s\[<>=!~;]", each)[0]) for each in asked]


def dependencies() -> list[str]:
    """Everything pyproject.toml asks for, to run and to develop."""
    extras = project()["optional-dependencies"].values()
    return names(project()["dependencies"] + [each for extra in extras for each in extra])


def pins() -> dict[str, str]:
    """constraints.txt: each package and its version."""
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    found = re.findall(r"^([\w.-]+)==(\S+)$", text, re.MULTILINE)
    return {normal(name): version for name, version in found}


def anchors(text: str) -> set[str]:
    """The headings of a page, as links name them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.casefold()).replace(" ", "-") for heading in headings}


def links() -> Iterator[tuple[str, str]]:
    """Every link of our pages that leads to another file or heading of ours."""
    for page, text in PAGES.items():
        for target in re.findall(r"!?\[[^\]]*\]\(([^)\s]+)\)|(?:src|srcset|href)=\"([^\"]+)\"", text):
            link = "".join(target)
            if not re.match(r"[a-z]+:", link):
                yield page, link


def test_the_command_page_is_up_to_date() -> None:
    """docs/commands.md is what `make docs` writes."""
    assert PAGES["docs/commands.md"] == markdown(registry(), "!"), "run `make docs`"


def test_every_setting_is_in_the_example() -> None:
    """.env.example lists all settings, each with a comment above it, and nothing else."""
    listed = list(example_settings())
    assert sorted(name for name, _, _ in listed) == sorted(name.upper() for name in Settings.model_fields)
    assert [name for name, _, commented in listed if not commented] == []


@pytest.mark.usefixtures("settings")
def test_the_example_changes_nothing() -> None:
    """Copied to .env as it is, .env.example gives the defaults."""
    defaults = Settings()
    Path(".env").write_bytes((ROOT / ".env.example").read_bytes())
    assert Settings() == defaults


@pytest.mark.parametrize("name", dependencies())
def test_every_dependency_has_its_reason(name: str) -> None:
    """Each dependency begins a line of decision 0002, which says in a sentence why it is there."""
    reasons = re.findall(r"^- `([^`]+)`: .{20,}\.$", PAGES["docs/decisions/0002-dependencies.md"], re.MULTILINE)
    assert name in map(normal, reasons)


def test_every_dependency_is_pinned() -> None:
    """constraints.txt names one exact version of each dependency, without a build's local tag."""
    assert [name for name in dependencies() if name not in pins()] == []
    assert [name for name, version in pins().items() if "+" in version] == []


def test_every_dependency_is_used() -> None:
    """Whatever the bot needs to run is imported somewhere in it."""
    homes = packages_distributions()
    imported = {each.target.partition(".")[0] for module in modules() for each in imports(module)}
    used = {normal(distribution) for name in imported for distribution in homes.get(name, [])}
    # SQLAlchemy imports its drivers, by the address of the database; zoneinfo reads tzdata.
    assert set(names(project()["dependencies"])) - used <= {"aiosqlite", "asyncpg", "tzdata"}


def test_no_reason_outlives_its_dependency() -> None:
    """Decision 0002 gives reasons for what is there, and for nothing else."""
    reasons = re.findall(r"^- `([^`]+)`:", PAGES["docs/decisions/0002-dependencies.md"], re.MULTILINE)
    assert [name for name in map(normal, reasons) if name not in dependencies()] == []


@pytest.mark.parametrize(("page", "link"), sorted(set(links())))
def test_links_lead_somewhere(page: str, link: str) -> None:
    """A relative link leads to a file of the project, and to a heading of it."""
    path, _, anchor = link.partition("#")
    target = (ROOT / page).parent / path if path else ROOT / page
    assert target.exists(), f"{page} links to {link}"
    if anchor:
        assert anchor in anchors(target.read_text(encoding="utf-8")), f"{page} links to {link}"


@pytest.mark.parametrize("page", PAGES)
def test_make_targets_exist(page: str) -> None:
    """Each `make target` that a page tells people to type is one that the Makefile lists."""
    for span in code_spans(PAGES[page]):
        if span.startswith("make "):
            targets = [word for word in span.split("#")[0].split()[1:] if "=" not in word]
            assert set(targets) <= makefile_targets(), f"{page}: {span}"


def test_the_readme_names_the_two_commands() -> None:
    """`make run` and `make test` are all a newcomer needs."""
    assert {"make run", "make test"} <= set(code_spans(PAGES["README.md"]))


def test_the_changelog_goes_on() -> None:
    """CHANGELOG.md has a place for what comes next, and the version is written once in two files."""
    assert "## [Unreleased]" in PAGES["CHANGELOG.md"].splitlines()
    assert project()["version"] == VERSION


# Put together here, so that this file does not hold what it looks for.
MACHINE = re.compile(rb"(?:^|[^\w.~])/(?:" + b"|".join((b"work", b"root", rb"home/[a-z]+", rb"Users/\w+")) + b")/")


@pytest.mark.parametrize("path", [path.relative_to(ROOT).as_posix() for path in tracked()])
def test_no_path_of_one_machine(path: str) -> None:
    """No file names a folder that only one machine has."""
    found = MACHINE.search((ROOT / path).read_bytes())
    assert found is None, f"{path} names {found[0]!r}" if found else ""
