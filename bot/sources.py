"""Source code that may be looked at: the engine's, and that of the libraries the lecture reads.

Files are read, never imported. Names are compared without case, spaces and underscores; a misspelt one finds the
nearest. Only packages on the list, and only the parts of them that are named there.
"""

import ast
import importlib.metadata
import importlib.util
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher, get_close_matches
from functools import cached_property
from pathlib import Path

from bot.counterparts import COUNTERPARTS, Counterpart

ALLOWED: Mapping[str, tuple[str, ...]] = {
    "engine": ("**/*.py",),
    "torch": ("functional.py", "nn/**/*.py", "optim/**/*.py", "utils/data/**/*.py"),
    "fastai": ("**/*.py",),
}
"""Package → its files that may be looked at. Ours first, so that our own of a name comes first."""
OURS, THEIRS = "engine", "fastai"
PUBLIC = {
    "torch": "https://github.com/pytorch/pytorch/blob/v{version}/torch/{file}#L{line}",
    "fastai": "https://github.com/fastai/fastai/blob/{version}/fastai/{file}#L{line}",
}
SURE, LIKELY = 0.85, 0.6  # likeness of a misspelt name: enough to answer, enough to offer
MODULE = 0  # the line of a module as a whole
MOST, LINES = 3, 24  # definitions of one name that are shown; lines of an excerpt

_DEFINED = re.compile(r"^(| {4})(?:async +)?(def|class) +(\w+)")


@dataclass(frozen=True, kw_only=True)
class Package:
    """A package that is installed here: its folder and version."""

    name: str
    folder: Path
    version: str

    def files(self) -> Iterator[Path]:
        """Its files on the list, in a fixed order."""
        for pattern in ALLOWED[self.name]:
            yield from sorted(self.folder.glob(pattern))


@dataclass(frozen=True, kw_only=True)
class Definition:
    """Where a class or function stands, and how it begins: an excerpt of ours, an address of what is public."""

    name: str
    package: str
    file: str  # from the package's name on
    line: int
    signature: str
    summary: str
    excerpt: str = field(default="", repr=False)
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class Found:
    """The definitions of a name; without any, the names that are nearest.

    `instead` is the name that was meant where it is not to be had; the definitions are what does the same here.
    """

    definitions: tuple[Definition, ...] = ()
    near: tuple[str, ...] = ()
    instead: Counterpart | None = None


@dataclass(frozen=True)
class _Entry:
    name: str  # `Linear`, `Linear.forward`, or a module's
    package: Package
    path: Path
    line: int


class Sources:
    """The packages' names, indexed when first asked for."""

    def __init__(self, packages: Sequence[Package] | None = None) -> None:
        self._packages = tuple(installed() if packages is None else packages)

    @property
    def packages(self) -> Mapping[str, str]:
        """Name → version of what may be looked at here."""
        return {package.name: package.version for package in self._packages}

    def find(self, name: str) -> Found:
        """What is called that; a name may be dotted (`nn.Linear`, `DotProductBias.forward`)."""
        entries = self._called(name)
        if not entries:
            wanted = _key(name.replace(".", ""))
            counterpart = self._counterpart(_key(name.rpartition(".")[2]))
            if counterpart is not None:
                return Found(definitions=self.find(counterpart.ours).definitions, instead=counterpart)
            near = get_close_matches(wanted, self._short, n=4, cutoff=LIKELY)
            if not near or SequenceMatcher(None, wanted, near[0]).ratio() < SURE:
                return Found(near=tuple(dict.fromkeys(self._short[key][0].name for key in near)))
            entries = self._short[near[0]]
        definitions = (_definition(entry) for entry in entries[:MOST])
        return Found(definitions=tuple(each for each in definitions if each is not None))

    def _called(self, name: str) -> list[_Entry]:
        """Entries whose last one or two parts are the name's, and whose file has the parts before in its path."""
        written = name.strip().removesuffix("()").removesuffix(".py").replace("/", ".")
        parts = [_key(part) for part in written.split(".") if _key(part)]
        for length in (2, 1):
            if len(parts) < length:
                continue
            before = parts[:-length]
            entries = self._index.get(".".join(parts[-length:]), [])
            fitting = [entry for entry in entries if all(part in _path_keys(entry) for part in before)]
            if fitting:  # as it was capitalised first: Embedding is the class, embedding the function
                return sorted(fitting, key=lambda entry: entry.name.split(".")[-1] != name.strip().split(".")[-1])
        return []

    def _counterpart(self, wanted: str) -> Counterpart | None:
        """What does the same here as something of fastai's, where that is not installed."""
        if THEIRS in self.packages:
            return None
        near = get_close_matches(wanted, THEIR_NAMES, n=1, cutoff=SURE)
        return THEIR_NAMES[near[0]] if near else None

    @cached_property
    def _index(self) -> dict[str, list[_Entry]]:
        """Key → entries; the packages' order, then the shortest path first: what is public lies on top."""
        index: dict[str, list[_Entry]] = {}
        for package in self._packages:
            for path in sorted(package.files(), key=lambda path: (len(path.parts), path)):
                for name, line in _names(path):
                    key = ".".join(map(_key, name.split(".")))
                    index.setdefault(key, []).append(_Entry(name, package, path, line))
        for package in self._packages:
            for path in package.files() if package.name == OURS else ():
                if not path.stem.startswith("_"):
                    index.setdefault(_key(path.stem), []).append(_Entry(path.stem, package, path, MODULE))
        return index

    @cached_property
    def _short(self) -> dict[str, list[_Entry]]:
        """What stands on top of a file, without methods and private names: what people misspell."""
        return {
            key: entries
            for key, entries in self._index.items()
            if "." not in key and not entries[0].name.startswith("_")
        }


def _key(name: str) -> str:
    return re.sub(r"[\W_]", "", name.casefold())


THEIR_NAMES = {_key(each.name): each for each in COUNTERPARTS}


def installed() -> Iterator[Package]:
    """The packages on the list that are installed here."""
    for name in ALLOWED:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.submodule_search_locations:
            folder = Path(next(iter(spec.submodule_search_locations)))
            version = "" if name == OURS else importlib.metadata.version(name)
            yield Package(name=name, folder=folder, version=version.partition("+")[0])


def _names(path: Path) -> Iterator[tuple[str, int]]:
    """The file's classes and functions with their lines; methods behind their class and a dot."""
    owner = ""
    for number, text in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        found = _DEFINED.match(text)
        if found is None:
            continue
        indented, kind, name = found.groups()
        if not indented:
            owner = name if kind == "class" else ""
            yield name, number
        elif owner and kind == "def":
            yield f"{owner}.{name}", number


def _definition(entry: _Entry) -> Definition | None:
    """The entry read in full; None where the file cannot be read as Python any more."""
    text = entry.path.read_text(encoding="utf-8", errors="replace")
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return None
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    if entry.line == MODULE:
        return _module(entry, text, tree)
    node = next((each for each in ast.walk(tree) if isinstance(each, kinds) and each.lineno == entry.line), None)
    if node is None:
        return None
    package, file = entry.package, entry.path.relative_to(entry.package.folder).as_posix()
    public = PUBLIC.get(package.name, "")
    return Definition(
        name=entry.name,
        package=package.name,
        file=f"{package.name}/{file}",
        line=entry.line,
        signature=_signature(node),
        summary=next(iter((ast.get_docstring(node) or "").strip().splitlines()), ""),
        excerpt=_excerpt(text, node) if package.name == OURS else "",
        address=public.format(version=package.version, file=file, line=entry.line),
    )


def _module(entry: _Entry, text: str, tree: ast.Module) -> Definition:
    """A module of ours as a whole: what it says of itself."""
    file = entry.path.relative_to(entry.package.folder)
    lines = text.splitlines()
    return Definition(
        name=".".join((entry.package.name, *file.with_suffix("").parts)),
        package=entry.package.name,
        file=f"{entry.package.name}/{file.as_posix()}",
        line=1,
        signature=f"{len(lines)} lines",
        summary=next(iter((ast.get_docstring(tree) or "").splitlines()), ""),
        excerpt="\n".join([*lines[:LINES], *(["…"] if len(lines) > LINES else [])]).rstrip(),
    )


def _signature(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """`class Linear(Module)` with its `__init__`, or `def sigmoid(x: Floats) -> Floats`."""
    if isinstance(node, ast.ClassDef):
        bases = ", ".join(ast.unparse(base) for base in node.bases)
        made = next(
            (each for each in node.body if isinstance(each, ast.FunctionDef) and each.name == "__init__"), None
        )
        arguments = f"\n    def __init__({ast.unparse(made.args)})" if made else ""
        return f"class {node.name}{f'({bases})' if bases else ''}{arguments}"
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return f"def {node.name}({ast.unparse(node.args)}){returns}"


def _excerpt(text: str, node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """The first lines of it as they stand, without the indentation they all have."""
    lines = text.splitlines()[node.lineno - 1 : node.end_lineno]
    shown = [line[node.col_offset :] for line in lines[:LINES]]
    return "\n".join([*shown, *(["    …"] if len(lines) > LINES else [])]).rstrip()


def _path_keys(entry: _Entry) -> set[str]:
    parts = (entry.package.name, *entry.path.relative_to(entry.package.folder).with_suffix("").parts)
    return {_key(part) for part in parts}
