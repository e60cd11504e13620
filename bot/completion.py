"""What could come next while somebody types: command names first, then what the parameter takes.

One coroutine for the local thread's box and for Discord's autocomplete; everything is answered from memory.
"""

from collections.abc import Callable, Mapping, Sequence

from bot.command import Param, Registry

Completer = Callable[[str], Sequence[str]]
LIMIT = 25  # Discord shows no more


class Completion:
    """Completes lines for one registry; `completers` are found by the names that `Arg.complete` uses."""

    def __init__(self, registry: Registry, prefix: str, completers: Mapping[str, Completer]) -> None:
        self._registry, self._prefix, self._completers = registry, prefix, completers

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
        words = param.choices or tuple(action.name for action in param.arg.actions)
        if words:
            return [word for word in words if word.startswith(partial.casefold())]
        complete = self._completers.get(param.arg.complete)
        if complete is None:
            return []
        before, comma, last = partial.rpartition(",")
        if param.arg.several and comma:  # what stands before the last comma stays
            return [f"{before}, {each}" for each in complete(last.strip())][:LIMIT]
        return list(complete(partial))[:LIMIT]


def _last_option(rest: str) -> tuple[str, str, str]:
    """`Toy Story metric=co` → ("Toy Story ", "metric", "co"); no option → ("", "", rest)."""
    head, equals, value = rest.rpartition("=")
    if not equals:
        return "", "", rest
    before, _, name = head.rpartition(" ")
    return (before + " " if before else ""), name.casefold(), value
