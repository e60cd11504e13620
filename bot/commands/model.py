"""Which model answers, and how another takes its place."""

from typing import Annotated

from bot.actions import MODEL, chosen
from bot.command import Arg, command
from bot.context import Context
from bot.errors import UserError
from bot.values import Choice, Reply, Table, code, escape, plural

MOST = 20  # files that are listed


@command("model", group="for admins", admin=True, examples=("model", "model reload"))
async def model(
    ctx: Context, action: Annotated[str, Arg(help="what to do, then with which file", actions=MODEL)] = ""
) -> Reply:
    """Show which film model answers, or have another one answer without a restart.

    `model load group.safetensors` takes a file that `python -m bot train --out` made, from the one folder that
    models may come from; `model reload` reads the file in use again, after a training has replaced it. It is
    checked first, and whatever is wrong, the old model goes on answering. After a restart the model is the one of
    the setting `MODEL_PATH` again.
    """
    word, _, name = action.strip().partition(" ")
    word, name = chosen("model", word, MODEL), name.strip()
    if word == "status":
        return _status(ctx, "")
    if word == "load" and not name:
        raise UserError(f"Which file? {_files(ctx)}", _choices(ctx))
    before = ctx.parts.films.card.metrics.mse
    if word == "load":
        await ctx.shelf.load(name, ctx.now)
    else:
        await ctx.shelf.reload(ctx.now)
    after = ctx.parts.films.card.metrics.mse
    done = f"{code(ctx.shelf.current.name)} answers from now on, until the next start."
    return _status(ctx, f"{done} Its mean squared error is {after:.4f}; that of the one before was {before:.4f}.")


def _status(ctx: Context, done: str) -> Reply:
    films, current = ctx.parts.films, ctx.shelf.current
    card = films.card
    rows = (
        ("in use", current.name),
        ("since", f"{current.since:%Y-%m-%d %H:%M} UTC" if current.since else "the start"),
        ("model", card.model),
        ("trained on", card.data),
        ("films", f"{len(films.titles):,}"),
        ("users in the data", f"{len(films.users):,}"),
        ("ratings in the data", f"{card.ratings:,}"),
        ("mean squared error on ratings held back", f"{card.metrics.mse:.4f}"),
    )
    return Reply(
        text="\n\n".join(filter(None, [done, _files(ctx)])),
        table=Table(columns=("the film model", ""), rows=rows),
        choices=_choices(ctx),
        private=True,
    )


def _files(ctx: Context) -> str:
    """What there is to load."""
    files = ctx.shelf.files
    where = f"Models are loaded from {code(ctx.shelf.folder)}"
    if not files:
        return f"{where}, where there is none yet: {code('python -m bot train')} makes one."
    more = f" and {plural(len(files) - MOST, 'other')}" if len(files) > MOST else ""
    return f"{where}: {', '.join(map(code, files[:MOST]))}{more}."


def _choices(ctx: Context) -> tuple[Choice, ...]:
    return tuple(
        Choice(label=escape(name)[:40], command=f"{ctx.prefix}model load {name}")
        for name in ctx.shelf.files[:5]
        if name != ctx.shelf.current.name
    )
