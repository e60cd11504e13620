"""Kernels that nobody wrote: they begin with random numbers, and learn."""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Annotated, Any, Literal

from bot.command import Arg, command
from bot.context import Context
from bot.errors import UserError
from bot.values import Choice, Image, Reply, Table, code

Numbers = Sequence[Sequence[float]]
Lesson = Mapping[str, Any]

START = (
    "The first numbers are `nn.Conv2d`'s own: uniform within ±1/√(inputs·3·3), which is ±0.333 for one channel "
    "and ±0.192 for the three of a colour picture."
)
SCORES = (
    "The score is the cosine of a kernel with the edge made by hand that it is most like, after each lost its "
    "mean and whichever way round: 1 is that edge, 0.5 is chance."
)
DIGITS = (
    "The digits: E. Alpaydin and C. Kaynak, [Optical Recognition of Handwritten Digits]"
    "(https://doi.org/10.24432/C50P49), 1998, UCI Machine Learning Repository, CC BY 4.0."
)


@command("learn", group="convolutions", examples=("learn", "learn task=digits seed=3"))
async def learn(
    ctx: Context,
    what: Annotated[
        Literal["kernels", "topedge", "digits"], Arg(help="what to learn; kernels is topedge, or what task= says")
    ] = "kernels",
    *,
    task: Annotated[Literal["topedge", "digits"] | None, Arg(help="the same by its name")] = None,
    seed: Annotated[int, Arg(help="which random numbers to begin with", low=0, high=9999)] = 1,
) -> Reply:
    """Watch kernels learn their numbers, from random ones.

    Are kernels chosen, or known beforehand? Neither: `nn.Conv2d` begins with random numbers and changes them, step
    by step, so that its answers are less wrong.

    With `learn topedge` one kernel sees what our top-edge kernel makes of 200 handwritten digits, and becomes it.
    With `learn digits` four kernels and one linear layer learn to read 1,437 handwritten digits, and are tried on
    360 others; what the kernels look like then is up to them. The same seed gives the same numbers.
    """
    chosen = _task(what, task)
    told_of = f"Learning {chosen}, seed {seed}"

    async def tell(told: Mapping[str, Any]) -> None:
        said = f"{told_of}: step {told['step']} of {told['steps']}, loss {_figure(told['loss'])}."
        await ctx.progress(Reply(text=said))

    await ctx.progress(Reply(text=f"{told_of}: it begins as soon as PyTorch is loaded."))
    lesson = await ctx.workers.run("learn", tell, task=chosen, seed=seed)
    again = Choice(label=f"begin with seed {seed + 1}", command=f"{ctx.prefix}learn task={chosen} seed={seed + 1}")
    told = _topedge(lesson) if chosen == "topedge" else _digits(lesson)
    picked, label = _most_like(lesson)
    over = Choice(label=label, command=f"{ctx.prefix}kernel {_typed(picked)}")
    return Reply(
        text=f"{told}\n\n{START}",
        table=_scores(lesson) if chosen == "digits" else None,
        images=(_picture(lesson),),
        choices=(again, over) if seed < 9999 else (over,),
    )


def _task(what: str, task: str | None) -> str:
    """The one that is meant; UserError where two are."""
    if what == "kernels":
        return task or "topedge"
    if task and task != what:
        raise UserError(f"{code(what)} and {code(f'task={task}')} are two tasks: I learn one at a time.")
    return what


def _topedge(lesson: Lesson) -> str:
    first, last = lesson["moments"][0], lesson["moments"][-1]
    lines = _beside(first["kernels"][0], last["kernels"][0])
    wrong = max(abs(a - b) for a, b in zip(chain(*last["kernels"][0]), _TOPEDGE, strict=True))
    return (
        f"**{last['step']} steps from random numbers to topedge** (seed {lesson['seed']}). One kernel was shown "
        f"200 handwritten digits and what {code('topedge')} makes of them, never the kernel itself; no weight is "
        f"further than {_figure(max(wrong, 0.0001))} from it now. The mean squared error fell from "
        f"{_figure(first['loss'])} to {_figure(last['loss'])}.\n\n" + "\n".join(["```text", *lines, "```"])
    )


def _digits(lesson: Lesson) -> str:
    first, last = lesson["moments"][0], lesson["moments"][-1]
    before, after = lesson["right"]
    return (
        f"**Four kernels learned to read digits** (seed {lesson['seed']}): of 360 that were held back, "
        f"{100 * after:.1f} % are read rightly, and {100 * before:.1f} % were before. The same 13 people wrote "
        f"those and the 1,437 that were learned from, in {last['step']} steps; the loss on these fell from "
        f"{_figure(first['loss'])} to {_figure(last['loss'])}.\n\n"
        f"Not every kernel becomes an edge: nobody asked for edges. {SCORES}\n\n{DIGITS}"
    )


_TOPEDGE = (-1, -1, -1, 0, 0, 0, 1, 1, 1)


def _scores(lesson: Lesson) -> Table:
    rows = [
        (str(number), before["name"], round(before["score"], 2), after["name"], round(after["score"], 2))
        for number, (before, after) in enumerate(zip(lesson["before"], lesson["after"], strict=True), 1)
    ]
    return Table(
        columns=("kernel", "before, most like", "score", "after, most like", "score now"), rows=tuple(rows)
    )


def _most_like(lesson: Lesson) -> tuple[Numbers, str]:
    """The learned kernel that is most like an edge, and what to call it."""
    kernels, scores = lesson["moments"][-1]["kernels"], [each["score"] for each in lesson["after"]]
    place = scores.index(max(scores))
    return kernels[place], "the learned kernel over our 3" if len(
        kernels
    ) == 1 else f"kernel {place + 1} over our 3"


def _picture(lesson: Lesson) -> Image:
    one = lesson["task"] == "topedge"
    first, last = lesson["moments"][0], lesson["moments"][-1]
    who = "One kernel" if one else "Four kernels"
    right = "" if one else f" Right of 360 held back: {100 * lesson['right'][1]:.1f} %."
    data: dict[str, Any] = {
        "title": f"{who} learning {'topedge' if one else 'digits'} · seed {lesson['seed']}",
        "moments": lesson["moments"],
        "before": [_line(each) for each in lesson["before"]],
        "after": [_line(each) for each in lesson["after"]],
        "notes": [f"Below a kernel: the edge it is most like; 0.5 is chance.{right}"],
    }
    if one:
        data["wanted"] = [list(_TOPEDGE[row : row + 3]) for row in (0, 3, 6)]
    return Image(
        plot="learned",
        data=data,
        kind="gif",
        alt=f"A picture that moves: {who.lower()} with random numbers at first, step by step to what is learned "
        f"after {last['step']} steps, most like {', '.join(_line(each) for each in lesson['after'])}; below, the "
        f"loss falls from {_figure(first['loss'])} to {_figure(last['loss'])}.",
    )


def _line(likeness: Mapping[str, Any]) -> str:
    return f"{likeness['name']} {likeness['score']:.2f}"


def _beside(before: Numbers, after: Numbers) -> list[str]:
    """Two grids of numbers, an arrow between them."""
    lines: list[str] = []
    for row, (left, right) in enumerate(zip(before, after, strict=True)):
        arrow = "  →  " if row == len(before) // 2 else "     "
        lines.append(arrow.join(" ".join(f"{value + 0.0:6.3f}" for value in each) for each in (left, right)))
    return [line.replace("-0.000", " 0.000").replace("-", "−") for line in lines]


def _typed(kernel: Numbers) -> str:
    """The kernel as one would type it, short enough for a button."""
    return "[" + ",".join(f"[{','.join(f'{round(value, 2) + 0.0:g}' for value in row)}]" for row in kernel) + "]"


def _figure(value: float) -> str:
    """`2.31`, `0.0215`, `1.2e−10`."""
    return f"{value:.3g}".replace("e-0", "e-").replace("-", "−")
