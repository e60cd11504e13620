"""One typed function is one command.

`@command("similar", …)` over `async def similar(ctx, title: str, *, count: int = 5) -> Reply` is all there is:
the parser, the help page, completion and Discord's slash command read that signature. The parameter before the
`*` takes the rest of the line; every other one is written `name=value`. The docstring's first line is the help
line.
"""

import inspect
import types
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from bot.actions import Action
from bot.context import Context
from bot.errors import UserError
from bot.values import Reply, code

Run = Callable[..., Awaitable[Reply]]


@dataclass(frozen=True, kw_only=True)
class Arg:
    """What a type does not say about a parameter: `Annotated[int, Arg(help="how many", low=1, high=20)]`.

    `complete` names a completer ("titles"); `read` turns the typed text into the value, raising ValueError with
    a sentence; `shape` is how such a value is written ("5,7"). `several` values stand with commas between.
    `actions` are what the rest of the line begins with. `long`: it may be several sentences. `also`: what else
    people call the option (`stride=2` is `s=2`); `synonyms`: what else they call its choices, and which is meant.
    `joint` is a word that stands for `name=`, as in `a vs b`; the options named by `own` are text behind it: they
    are about what stands there.
    """

    help: str
    low: float | None = None
    high: float | None = None
    complete: str = ""
    read: Callable[[str], Any] | None = None
    shape: str = ""
    several: bool = False
    actions: tuple[Action, ...] = ()
    long: bool = False
    also: tuple[str, ...] = ()
    synonyms: Mapping[str, str] = field(default_factory=dict[str, str])
    joint: str = ""
    own: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Param:
    """One parameter of a command, as read from the signature."""

    name: str
    kind: type
    required: bool
    default: Any
    rest: bool
    arg: Arg
    choices: tuple[str, ...] = ()

    @property
    def flag(self) -> bool:
        """Whether the bare name switches it on."""
        return self.kind is bool

    @property
    def wants(self) -> str:
        """What a right value looks like, in words."""
        if self.choices:
            return " or ".join(self.choices)
        if self.flag:
            return "yes or no"
        if self.arg.shape:
            return f"written like `{self.arg.shape}`"
        if self.kind in (int, float):
            noun = "a whole number" if self.kind is int else "a number"
            low, high = self.arg.low, self.arg.high
            return noun if low is None or high is None else f"{noun} from {low:g} to {high:g}"
        return self.arg.help

    @property
    def usage(self) -> str:
        """`title`, `[count=1–20]`, `[new]`."""
        if self.rest:
            return self.name if self.required else f"[{self.name}]"
        if self.flag:
            return f"[{self.name}]"
        low, high = self.arg.low, self.arg.high
        span = "" if low is None or high is None else f"{low:g}–{high:g}"
        text = f"{self.name}={'|'.join(self.choices) or self.arg.shape or span or '…'}"
        return text if self.required else f"[{text}]"

    def value(self, text: str) -> Any:
        """The value that `text` stands for; UserError names what would be right."""
        try:
            return self._read(text)
        except ValueError as problem:
            said = f" ({problem})" if self.arg.read and str(problem) else ""
            raise UserError(f"`{self.name}` is {self.wants}, not {code(text[:60])}{said}.") from problem

    def _read(self, text: str) -> Any:
        if self.arg.read is not None:
            return self.arg.read(text)
        if self.choices:
            text = self.arg.synonyms.get(text.casefold(), text)
            match = [choice for choice in self.choices if choice.startswith(text.casefold())]
            if text.casefold() in match:
                return text.casefold()
            if len(match) != 1:
                raise ValueError
            return match[0]
        if self.flag:
            if text.casefold() not in _YES_NO:
                raise ValueError
            return _YES_NO[text.casefold()]
        if self.kind in (int, float):
            number = self.kind(text) if self.kind is int else real(text)
            low, high = self.arg.low, self.arg.high
            if not (low is None or low <= number) or not (high is None or number <= high):
                raise ValueError
            return number
        return text


def real(text: str) -> float:
    """`0.5`, `1e-3`, `1/9`."""
    above, stroke, below = text.partition("/")
    if not stroke:
        return float(text)
    if float(below) == 0:
        raise ValueError("divides by zero")
    return float(above) / float(below)


_YES_NO: dict[str, bool] = {"yes": True, "y": True, "true": True, "on": True, "1": True} | {
    "no": False,
    "n": False,
    "false": False,
    "off": False,
    "0": False,
}


@dataclass(frozen=True, kw_only=True)
class Command:
    """A function that people can call by typing its name."""

    name: str
    group: str
    run: Run = field(repr=False)
    params: tuple[Param, ...]
    summary: str
    details: str
    examples: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    admin: bool = False

    @property
    def rest(self) -> Param | None:
        """The parameter that takes the rest of the line."""
        return next((param for param in self.params if param.rest), None)

    @property
    def actions(self) -> tuple[Action, ...]:
        """What the rest of the line may begin with, where the command has several verbs."""
        return self.rest.arg.actions if self.rest else ()

    @property
    def options(self) -> dict[str, Param]:
        """The parameters written `name=value`."""
        return {param.name: param for param in self.params if not param.rest}

    @property
    def spellings(self) -> dict[str, Param]:
        """The same, and under what else people call them."""
        return self.options | {name: param for param in self.options.values() for name in param.arg.also}

    @property
    def joined(self) -> Param | None:
        """The option that a joint stands for."""
        return next((param for param in self.params if param.arg.joint), None)

    def usage(self, prefix: str) -> str:
        """`!similar title [count=1–20] [metric=cosine|euclidean]`."""
        return " ".join([prefix + self.name, *(param.usage for param in self.params)])


def command(
    name: str,
    *,
    group: str,
    examples: Iterable[str],
    aliases: Iterable[str] = (),
    admin: bool = False,
) -> Callable[[Run], Command]:
    """Make a command of an `async def name(ctx, …) -> Reply`. `examples` are whole lines without the prefix."""

    def make(run: Run) -> Command:
        doc = inspect.getdoc(run) or ""
        summary, _, details = doc.partition("\n")
        return Command(
            name=name,
            group=group,
            run=run,
            params=tuple(_params(run)),
            summary=summary.strip(),
            details=details.strip(),
            examples=tuple(examples),
            aliases=tuple(aliases),
            admin=admin,
        )

    return make


class Registry:
    """The commands there are, by name and alias, in the order of the help page."""

    def __init__(self, commands: Iterable[Command]) -> None:
        self._commands = tuple(commands)
        self._by_name: dict[str, Command] = {}
        for each in self._commands:
            for name in (each.name, *each.aliases):
                if name in self._by_name:
                    raise ValueError(f"two commands are called {name!r}")
                self._by_name[name] = each

    @classmethod
    def of(cls, *modules: types.ModuleType) -> "Registry":
        """Every command defined in the modules, in the order they are written."""
        return cls(value for module in modules for value in vars(module).values() if isinstance(value, Command))

    def __iter__(self) -> Iterator[Command]:
        return iter(self._commands)

    def get(self, name: str) -> Command | None:
        """The command of that name or alias, however it is capitalised."""
        return self._by_name.get(name.casefold())

    def near(self, name: str) -> str | None:
        """The one name that somebody who typed `name` most probably meant."""
        close = get_close_matches(name.casefold(), self._by_name, n=1, cutoff=0.7)
        return close[0] if close else None


def _params(run: Run) -> Iterator[Param]:
    hints = get_type_hints(run, include_extras=True)
    for parameter in list(inspect.signature(run).parameters.values())[1:]:
        arg, kind, choices = _type(hints[parameter.name])
        yield Param(
            name=parameter.name,
            kind=kind,
            required=parameter.default is inspect.Parameter.empty,
            default=None if parameter.default is inspect.Parameter.empty else parameter.default,
            rest=parameter.kind is not inspect.Parameter.KEYWORD_ONLY,
            arg=arg,
            choices=choices,
        )


def _type(hint: Any) -> tuple[Arg, type, tuple[str, ...]]:
    """`Annotated[int | None, Arg(…)]` → its Arg, `int`, and the choices of a Literal."""
    arg = Arg(help="")
    if get_origin(hint) is Annotated:
        hint, *extra = get_args(hint)
        arg = next((each for each in extra if isinstance(each, Arg)), arg)
    if get_origin(hint) in (Union, types.UnionType):
        (hint,) = (each for each in get_args(hint) if each is not type(None))
    if get_origin(hint) is Literal:
        return arg, str, get_args(hint)
    return arg, hint if isinstance(hint, type) and arg.read is None else str, ()


__all__ = ["Arg", "Command", "Context", "Param", "Registry", "command"]
