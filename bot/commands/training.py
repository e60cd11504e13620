"""Training a model of one's own, and watching it: the lecture's models, epoch by epoch."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from typing import Annotated, Any, Literal

from bot.actions import TRAIN, chosen
from bot.command import Arg, command
from bot.context import Context
from bot.errors import UserError
from bot.losses import USUAL, Losses
from bot.trainings import LEAST, Current, Run, State
from bot.values import Reply, code, escape, plural

GROUP = "training"
Model = Literal["dotbias", "dot", "range", "nn"]
MODELS = {
    "dotbias": "dot product with biases",
    "dot": "dot product alone",
    "range": "dot product in a range",
    "nn": "neural net",
}
SHORT = {"model": "model", "factors": "factors", "epochs": "epochs", "wd": "weight_decay"}
"""What people type, and what it is called."""


@command(
    "train",
    group=GROUP,
    examples=("train", "train model=dotbias factors=20 epochs=3", "train wd=0", "train stop"),
)
async def train(
    ctx: Context,
    action: Annotated[str, Arg(help="what to do: start, or stop", actions=TRAIN)] = "",
    *,
    model: Annotated[Model, Arg(help="which of the lecture's models")] = "dotbias",
    factors: Annotated[int, Arg(help="numbers for each user and film", low=1, high=200)] = 50,
    epochs: Annotated[int, Arg(help="how often each rating is seen", low=1, high=20)] = 5,
    wd: Annotated[float, Arg(help="weight decay", low=0, high=1)] = 0.1,
) -> Reply:
    """Train one of the lecture's models and watch its losses.

    `dot` is the dot product of factors alone, `range` puts its stars between 0 and 5.5, `dotbias` adds a bias for
    each user and film; `nn` is a neural net on embeddings, whose sizes follow from the data, not from `factors`.

    A fifth of the ratings is held back to measure on; the losses of each epoch appear while it trains, and stand
    beside what the book prints (where it sets no weight decay, fastai takes 0.01). Members' own ratings are learnt
    from, too, those of members with 5 or more, and without their names; nothing of the training is kept, and the
    films I recommend stay as they are. There is one training at a time; `!train stop` ends it, for whoever asked
    for it and for admins.
    """
    if chosen("train", action.strip(), TRAIN) == "stop":
        return await _stop(ctx)
    run = Run(model=model, factors=factors, epochs=epochs, weight_decay=wd)
    return await _trained(ctx, Losses(title=described(run), runs=(run,), names=(described(run),)))


@command("compare", group=GROUP, examples=("compare wd=0 wd=0.1", "compare factors=5 factors=100 wd=0"))
async def compare(
    ctx: Context,
    what: Annotated[str, Arg(help="what differs, given twice, such as wd=0 wd=0.1")] = "wd=0 wd=0.1",
) -> Reply:
    """Train twice with one thing different, and see which one learns its ratings by heart.

    What is given twice is what differs: `model`, `factors`, `epochs` or `wd`. Where the error on what is learnt
    from falls on while the error on what was held back rises again, the model over-fits: it remembers instead of
    understanding. Weight decay is the remedy of the lecture.
    """
    runs = _runs(what)
    names = _differences(runs)
    return await _trained(ctx, Losses(title=" beside ".join(names), runs=runs, names=names))


def described(run: Run) -> str:
    """`dot product with biases, 50 factors, wd 0.1`."""
    factors = "" if run.model == "nn" else f"{plural(run.factors, 'factor')}, "
    return f"{MODELS[run.model]}, {factors}wd {run.weight_decay:g}"


async def _trained(ctx: Context, losses: Losses) -> Reply:
    """Train, unless that cannot be just now; show the losses while it does, and at the end what they mean."""
    trainings = ctx.trainings
    if trainings.who == "off":
        raise UserError("Whoever runs me has switched training off.")
    if trainings.who == "admins" and not ctx.person.is_admin:
        raise UserError("Training is for the group's admins here.")
    if not trainings.data:
        return _no_data(ctx)
    title = f"**{escape(losses.title)}**"
    if trainings.current is None:
        await ctx.progress(Reply(text=f"{title}: reading {code(trainings.data)} …"))
    trained = await trainings.run(ctx.person, losses.runs, _shown(ctx, losses))
    if trained is None:
        return _busy(ctx, trainings.current)
    curves = trained.state.curves
    if trained.stopped_by:
        text = f"{title}: stopped by {escape(trained.stopped_by)} at {trained.state.done:.0%}."
        if not any(curve.valid for curve in curves):
            return Reply(text=text)
        return Reply(text=text, table=losses.table(curves), images=(losses.image(curves),))
    return Reply(
        text=losses.words(trained),
        table=losses.table(curves, trained.printed),
        images=(losses.image(curves, trained.printed),),
    )


def _shown(ctx: Context, losses: Losses) -> Callable[[State], Awaitable[None]]:
    """Shows how far a training is."""
    total = sum(run.epochs for run in losses.runs)

    async def tell(state: State) -> None:
        epochs = sum(len(curve.valid) for curve in state.curves)
        text = f"**{escape(losses.title)}**: {state.done:.0%}, {epochs} of {plural(total, 'epoch')} done."
        ends = f"{code(ctx.prefix + 'train stop')} ends it."
        images = (losses.image(state.curves, kept=False),) if epochs else ()
        await ctx.progress(Reply(text=f"{text} {ends}", images=images))

    return tell


async def _stop(ctx: Context) -> Reply:
    current = ctx.trainings.current
    if current is None:
        return Reply(text=f"Nothing is being trained. {code(ctx.prefix + 'train')} begins.")
    mine = (current.person.platform, current.person.id) == (ctx.person.platform, ctx.person.id)
    if not (mine or ctx.person.is_admin):
        raise UserError(f"{escape(current.person.name)} asked for that training: they or an admin can stop it.")
    await ctx.trainings.stop(ctx.person.name)
    return Reply(text=f"Stopped: {escape(' and '.join(map(described, current.runs)))}.")


def _busy(ctx: Context, current: Current | None) -> Reply:
    if current is None:  # it was over before it could be looked at
        return Reply(text="Another training was under way until now. Please ask again.")
    return Reply(
        text=f"I am training for {escape(current.person.name)} just now "
        f"({escape(' and '.join(map(described, current.runs)))}), and do one at a time. Please ask again when it "
        f"is over; {code(ctx.prefix + 'train stop')}, by them or an admin, ends it."
    )


def _no_data(ctx: Context) -> Reply:
    """How to come by ratings to train on, and what goes without."""
    similar, recommend, rate = (
        code(ctx.prefix + line) for line in ("similar Terminator", "recommend", "rate Terminator 4.5")
    )
    return Reply(
        text="I have no ratings to train on. MovieLens belongs to GroupLens, so it does not come with me: whoever "
        "runs me downloads it from <https://grouplens.org/datasets/movielens/100k/>, unpacks it, and names its "
        "folder in the setting `RATINGS`. Any CSV with the columns `user,title,rating` (or `likes`) will do, too."
        "\n\n"
        f"Without it I answer from the model that I have: {similar}, {recommend}; and {rate} counts at once. "
        "With it I learn from members' own ratings, too: without names, and only of those who have rated "
        f"{plural(LEAST, 'film')} or more."
    )


def _runs(text: str) -> tuple[Run, Run]:
    """Two trainings from `wd=0 wd=0.1 epochs=10`: what is given twice differs, what is given once is for both."""
    given: dict[str, list[Any]] = {}
    for word in text.replace(",", " ").split():
        name, equals, value = word.partition("=")
        if name.casefold() not in SHORT or not equals:
            raise UserError(f"{code(word[:40])} is not one of {', '.join(f'`{each}=…`' for each in SHORT)}.")
        given.setdefault(name.casefold(), []).append(train.options[name.casefold()].value(value))
    twice = [name for name, values in given.items() if len(values) == 2]
    if not twice or any(len(values) > 2 for values in given.values()):
        raise UserError("What shall differ? Give it twice, such as `wd=0 wd=0.1`, and everything else once.")
    one, other = (
        Run(**asdict(USUAL) | {SHORT[name]: values[min(at, len(values) - 1)] for name, values in given.items()})
        for at in (0, 1)
    )
    if one == other:
        raise UserError(f"Both trainings would be the same: {escape(described(one))}.")
    return one, other


def _differences(runs: Sequence[Run]) -> tuple[str, ...]:
    """What each run has that the other has not: `wd=0`, `wd=0.1`."""
    plain = [asdict(run) for run in runs]
    differ = [short for short, name in SHORT.items() if len({each[name] for each in plain}) > 1]
    return tuple(" ".join(f"{short}={_said(each[SHORT[short]])}" for short in differ) for each in plain)


def _said(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
