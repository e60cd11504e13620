"""The project as files: its root, its modules and what they import, for the tests that look at all of it."""

import ast
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("bot", "engine", "scheduler")
MADE = re.compile(r"\.venv|\.git|\.\w+_cache|\.hypothesis|__pycache__|.*\.egg-info|build|var")


@dataclass(frozen=True, kw_only=True)
class Import:
    """One import statement's module, and where it stands."""

    target: str
    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line} imports {self.target}"


@cache
def modules() -> dict[str, Path]:
    """Every module of the three rooms, by its dotted name."""
    found: dict[str, Path] = {}
    for path in sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def imports(module: str) -> tuple[Import, ...]:
    """Whatever a module imports, be it at the top, in a function, or for the type checker alone."""
    path = modules()[module]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    where = path.relative_to(ROOT).as_posix()
    return tuple(imports_in(path.read_text(encoding="utf-8"), package, where))


def imports_in(source: str, package: str, path: str) -> Iterator[Import]:
    """The imports of a module of `package`, from its source."""
    for node in ast.walk(ast.parse(source, path)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for target in _targets(node, package):
                yield Import(target=target, path=path, line=node.lineno)


def _targets(node: ast.Import | ast.ImportFrom, package: str) -> Iterator[str]:
    """Full names: `from engine import kernels` is engine.kernels when that is a module, else engine."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
        return
    above = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
    base = ".".join([*above, *([node.module] if node.module else [])])
    for alias in node.names:
        full = f"{base}.{alias.name}"
        yield full if full in modules() else base


@cache
def tracked() -> tuple[Path, ...]:
    """The files that belong to the project: git's, or all but what tools make where there is no git."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0 and listed.stdout:
        paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    else:
        paths = [path for path in ROOT.rglob("*") if not any(map(MADE.fullmatch, path.relative_to(ROOT).parts))]
    return tuple(sorted(path for path in paths if path.is_file()))


def pages() -> dict[str, str]:
    """Every Markdown page, by its path from the root."""
    return {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for path in tracked()
        if path.suffix == ".md"
    }


def code_spans(markdown: str) -> Iterator[str]:
    """What stands in code: each line of a fenced block, and each `span`."""
    fence = ""
    for line in markdown.splitlines():
        mark = re.match(r"\s*(```+|~~~+)", line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        elif fence:
            yield line.strip()
        else:
            yield from (span.strip() for _, span in re.findall(r"(`+)(.+?)\1", line))
