"""Which model answers, what it is made of, and how another takes its place."""

from collections.abc import Awaitable, Callable
from typing import Annotated

from bot.actions import MODEL, chosen
from bot.command import Arg, command
from bot.context import Card, Context
from bot.errors import UserError
from bot.values import Choice, Reply, Table, code, escape, plural

GROUP = "training"
MOST = 20  # files that are listed
MADE = {
    "dotbias": "The lecture's dot product with biases, `DotProductBias`",
    "dot": "The dot product alone, `DotProduct`",
    "nn": "The neural net, `EmbeddingNN`",
    "bayes": "What recommends: a factorisation that knows how sure it is, and weights between films",
}


@command("model", group=GROUP, examples=("model", "model nn", "model bayes", "model reload"))
async def model(
    ctx: Context, action: Annotated[str, Arg(help="what to show; or, for admins, load a file", actions=MODEL)] = ""
) -> Reply:
    """Show which film model answers and what each is made of; admins have another one answer.

    `dotbias`, `dot`, `nn` and `bayes` show a model's layers with shapes and parameters, and its figures. Two of
    them answer: `dotbias` has the lecture's numbers, `bayes` recommends.

    `model load group.safetensors` takes a file that `python -m bot train --out` made, from the one folder that
    models may come from; with `train --members` it has learnt from the group's own ratings. `model reload` reads
    the file in use again, after a training has replaced it. It is checked first, and whatever is wrong, the old
    model goes on answering. After a restart the model is the one of the setting `MODEL_PATH` again.

    `model refit` learns here and now, from what `RATINGS` names and from the ratings of members who have given 5
    or more; without `RATINGS` from theirs alone. Films that only members know come to be known. The file,
    `group.safetensors`, holds no name, no rating and no row of a member.
    """
    word, _, name = action.strip().partition(" ")
    word, name = chosen("model", word, MODEL), name.strip()
    if word in MADE:
        return _made(ctx, word)
    if word == "status":
        return _status(ctx, "")
    if not ctx.person.is_admin:
        raise UserError(
            f"Having another model answer is for the group's admins; {code(ctx.prefix + 'model')} alone shows it."
        )
    if word == "load" and not name:
        raise UserError(f"Which file? {_files(ctx)}", _choices(ctx))
    before = ctx.parts.films.card
    learnt = ""
    if word == "refit":
        members = await ctx.shelf.refit(_shown(ctx), ctx.now)
        learnt = f"Learnt anew, from the ratings of {plural(members, 'member')} as well. "
    elif word == "load":
        await ctx.shelf.load(name, ctx.now)
    else:
        await ctx.shelf.reload(ctx.now)
    done = f"{learnt}{code(ctx.shelf.current.name)} answers from now on, until the next start."
    return _status(ctx, f"{done} {_beside(before, ctx.parts.films.card)}")


def _shown(ctx: Context) -> Callable[[float], Awaitable[None]]:
    """Shows how far the learning is."""

    async def tell(done: float) -> None:
        await ctx.progress(Reply(text=f"Learning anew: {done:.0%}. Until then the model in use answers."))

    return tell


def _made(ctx: Context, name: str) -> Reply:
    """A model's layers and figures."""
    layers = ctx.insight.layers(name)
    total = sum(each.numbers for each in layers)
    card = ctx.films.card
    held = f"on ratings held back of {escape(card.data)}"
    if name in ("dotbias", "bayes"):
        metrics = (card.metrics if name == "dotbias" else card.chooser.metrics).mse
        figures = [f"It is loaded: {metrics:.4f} mean squared error {held}."]
    else:
        line = code(f"{ctx.prefix}train model={name}")
        figures = [f"It is not loaded: {line} trains it, on ratings that are here."]
    book = ctx.insight.printed(name)
    if book is not None:
        figures.append(f"The book prints {book.valid:.4f} on MovieLens 100K, with wd {book.weight_decay:g}.")
    rows = [(each.name, " × ".join(map(str, each.shape)), f"{each.numbers:,}", each.does) for each in layers]
    return Reply(
        text=f"**{MADE[name]}**: {plural(total, 'number')} for {plural(len(ctx.films.users), 'user')} and "
        f"{plural(len(ctx.films.titles), 'film')}. {' '.join(figures)}",
        table=Table(
            columns=("layer", "shape", "numbers", "what it is"), rows=(*rows, ("together", "", f"{total:,}", ""))
        ),
        choices=_others(ctx, name),
    )


def _beside(before: Card, after: Card) -> str:
    """The figures of two models, and whether they may be compared."""
    now, then = f"{after.metrics.mse:.4f}", f"{before.metrics.mse:.4f}"
    told = (
        f"Its mean squared error is {now} on ratings held back of {escape(after.data)}; that of the one before "
        f"was {then} on those of {escape(before.data)}."
    )
    return told if before.md5 == after.md5 else f"{told} Those are different ratings: the figures do not compare."


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
        ("mean squared error of what recommends", f"{card.chooser.metrics.mse:.4f}"),
    )
    admin = ctx.person.is_admin
    return Reply(
        text="\n\n".join(filter(None, [done, *map(escape, card.notes), _files(ctx) if admin else ""])),
        table=Table(columns=("the film model", ""), rows=rows),
        choices=_choices(ctx) if admin else _others(ctx, ""),
        private=admin,
    )


def _others(ctx: Context, name: str) -> tuple[Choice, ...]:
    return tuple(Choice(label=each, command=f"{ctx.prefix}model {each}") for each in MADE if each != name)


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
