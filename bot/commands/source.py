"""Where something is written down: the engine's own code, and that of the libraries the lecture reads."""

import asyncio
from typing import Annotated

from bot.command import Arg, command
from bot.context import Context
from bot.errors import UserError
from bot.insight import Definition
from bot.values import Choice, Reply, code, escape

GROUP = "the model's inside"
LONGEST = 300  # characters of a signature


@command(
    "source",
    group=GROUP,
    examples=("source DotProductBias", "source nn.Linear", "source Colab Learner", "source engine.ease"),
)
async def source(
    ctx: Context, name: Annotated[str, Arg(help="a class or function, like nn.Linear; case does not matter")]
) -> Reply:
    """Find where a class or function is written: file, line, signature, first words.

    Of our own engine the beginning stands there, too, and its modules are found by name. Capitals, spaces and
    underscores do not matter, and a misspelt name finds the nearest one. Where fastai is not installed, a name
    that the book takes from it leads to what does the same here.
    """
    found = await asyncio.to_thread(ctx.sources.find, name[:200])
    packages = " and ".join(f"{each} {version}".strip() for each, version in ctx.sources.packages.items())
    if not found.definitions:
        nearest = f" The nearest: {', '.join(map(code, found.near))}." if found.near else ""
        missing = "" if "fastai" in ctx.sources.packages else " (fastai is not installed here)"
        raise UserError(
            f"I find nothing called {code(name[:60])} in {packages}{missing}.{nearest}",
            [Choice(label=each, command=f"{ctx.prefix}source {each}") for each in found.near],
        )
    shown = "\n\n".join(_shown(each) for each in found.definitions)
    meant = found.instead
    if meant is None:
        return Reply(text=shown)
    theirs = f"{code(meant.name)} ({escape(meant.module)}) is not installed here. Ours for it:"
    return Reply(text=f"{theirs}\n\n{shown}")


def _shown(each: Definition) -> str:
    """One definition: where it is, how it is called, what it says of itself."""
    where = f"`{each.file}:{each.line}`"
    linked = f"{where} ([read it]({each.address}))" if each.address else where
    signature = each.signature if len(each.signature) <= LONGEST else each.signature[: LONGEST - 1] + "…"
    lines = [f"**{escape(each.name)}** in {linked}", f"```python\n{each.excerpt or signature}\n```"]
    return "\n\n".join(
        [*lines[:1], *([escape(each.summary)] if each.summary and not each.excerpt else []), *lines[1:]]
    )
