"""What could come next while somebody types: command names first, then what the parameter takes.

One coroutine for the local thread's box and for Discord's autocomplete; everything is answered from memory, or by
one look at the database.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from inspect import isawaitable

from bot.actions import Action
from bot.command import Param, Registry

Completer = Callable[[str], Sequence[str] | Awaitable[Sequence[str]]]
LIMIT = 25  # Discord shows no more


class Completion:
    """Completes lines for one registry; `completers` are found by the names that `Arg.complete` uses."""

    def __init__(self, registry: Registry, prefix: str, completers: Mapping[str, Completer]) -> None:
        self._registry, self._prefix, self._completers = registry, prefix, completers

    def knows(self, name: str) -> bool:
        """Whether there is a completer of that name."""
        return name in self._completers

    async def line(self, text: str) -> list[str]:
        """Whole lines that may follow from the line typed so far."""
        if not text.startswith(self._prefix):
            return []
        word, space, rest = text.removeprefix(self._prefix).partition(" ")
        if not space:
            names = [each.name for each in self._registry if each.name.startswith(word.casefold())]
            return [self._prefix + name for name in names][:LIMIT]
        command = self._registry.get(word)
        if command is None:
            return []
        head, name, value = _last_option(rest)
        param = command.options.get(name) if name else command.rest
        if param is None:
            return []
        start = f"{self._prefix}{word} {head}{name + '=' if name else ''}"
        return [start + each for each in await self.values(param, value)]

    async def values(self, param: Param, partial: str) -> list[str]:
        """What `param` may be, given what is typed of it."""
        if param.arg.actions and " " in partial:
            return await self._after(param.arg.actions, partial)
        words = param.choices or tuple(action.name for action in param.arg.actions)
        if words:
            return [word for word in words if word.startswith(partial.casefold())]
        before, comma, last = partial.rpartition(",")
        if param.arg.several and comma:  # what stands before the last comma stays
            return [f"{before}, {each}" for each in await self.offered(param.arg.complete, last.strip())]
        return await self.offered(param.arg.complete, partial)

    async def _after(self, actions: Sequence[Action], partial: str) -> list[str]:
        """What may stand behind an action's word."""
        word, _, typed = partial.partition(" ")
        wants = next((each.wants for each in actions if each.name == word.casefold()), ())
        return [f"{word} {each}" for want in wants[:1] for each in await self.offered(want.complete, typed)]

    async def offered(self, name: str, typed: str) -> list[str]:
        """What the completer of that name has for what is typed."""
        complete = self._completers.get(name)
        if complete is None:
            return []
        found = complete(typed)
        return list(await found if isawaitable(found) else found)[:LIMIT]


def _last_option(rest: str) -> tuple[str, str, str]:
    """`Toy Story metric=co` → ("Toy Story ", "metric", "co"); no option → ("", "", rest)."""
    head, equals, value = rest.rpartition("=")
    if not equals:
        return "", "", rest
    before, _, name = head.rpartition(" ")
    return (before + " " if before else ""), name.casefold(), value
