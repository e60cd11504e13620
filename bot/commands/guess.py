"""Predict, then reveal: what does a kernel make of a window? Guess first, and see the arithmetic then.

A question is a number: kernel, picture and place follow from it, so a button carries it, and it outlives restarts.
"""

from dataclasses import dataclass
from random import Random
from typing import Annotated

from bot.command import Arg, command
from bot.context import Context
from bot.demo import Kernel, Matrix, Window
from bot.errors import UserError
from bot.sums.numbers import fence, grid, plain
from bot.values import Choice, Image, Reply, code, escape

KERNELS = (
    *("topedge", "bottomedge", "verticaledge", "leftedge", "diag1", "diag2", "topsobel", "leftsobel", "outline"),
    *("sharpen", "emboss"),
)
SIGNS = ("positive", "zero", "negative")
WORDS = {"+": "positive", "plus": "positive", "-": "negative", "minus": "negative", "null": "zero", "none": "zero"}
LARGEST = 10_000_000
CLOSE = 0.05  # a sum has no more than four decimals, and whoever works it out rounds


@dataclass(frozen=True, kw_only=True)
class Question:
    """A kernel at one place of a picture."""

    number: int
    kernel: Kernel
    image: str
    window: Window

    @property
    def sign(self) -> str:
        """The sum's."""
        return "zero" if not round(self.window.sum, 9) else "positive" if self.window.sum > 0 else "negative"


def told(text: str) -> str | float:
    """`positive`, `−762`, `pos` → a sign or a number."""
    word = WORDS.get(text.casefold().strip(), text.casefold().strip())
    match = [sign for sign in SIGNS if word and sign.startswith(word)]
    if match:
        return match[0]
    number = float(word)
    if not abs(number) <= LARGEST:  # also where it is not a number
        raise ValueError
    return number


@command("guess", group="convolutions", examples=("guess", "guess sum", "guess negative question=7"))
async def guess(
    ctx: Context,
    guess: Annotated[
        str, Arg(help="positive, zero, negative, or the sum itself; without it, a new question")
    ] = "",
    *,
    question: Annotated[int | None, Arg(help="which one, if not the last", low=0, high=999_999)] = None,
    sum: Annotated[bool, Arg(help="ask for the sum, not its sign")] = False,  # noqa: A002 - as it is typed
    public: Annotated[bool, Arg(help="ask everybody here; each answer is still for one pair of eyes")] = False,
) -> Reply:
    """Guess what a kernel makes of a window, before it is worked out.

    A window of a picture and a kernel are shown: is the sum of the products positive, zero or negative? Press, or
    type it: `guess negative`. Or work the sum out and type that. The answer shows the arithmetic.

    Question and answer are for your eyes only, and so is how often you were right; nobody is ranked. With `public`
    everybody here is asked; where the platform has polls, one stands below, and shows the others' to who voted.
    """
    if not guess:
        number = await ctx.guesses.ask(ctx.person, ctx.now) if question is None else question
        return _asked(ctx, _question(ctx, number), for_sum=sum, public=public)
    waiting = await ctx.guesses.waiting(ctx.person)
    number = waiting if question is None else question
    if number is None:
        asks = code(f"{ctx.prefix}guess")
        raise UserError(f"No question of yours waits for a guess: {asks} asks one.", [_another(ctx)])
    try:
        said = told(guess)
    except ValueError as problem:
        raise UserError(
            f"A guess is `positive`, `zero` or `negative`, or the sum as a number, not {code(guess[:40])}."
        ) from problem
    found = _question(ctx, number)
    right = said == found.sign if isinstance(said, str) else abs(said - found.window.sum) < CLOSE
    done = await ctx.guesses.guess(ctx.person, number, right=right, at=ctx.now)
    score = [] if number == waiting else [_uncounted(ctx, waiting)]
    if done.given:
        score.append(f"Right {done.right} of {done.given} times so far; only you see that.")
    return _revealed(ctx, found, said, right=right, score=" ".join(score))


def _uncounted(ctx: Context, waiting: int | None) -> str:
    """Why a guess changes nothing: the first one at the question that waits is the one that counts."""
    if waiting is None:
        return "This guess is not counted: no question waits for one of yours."
    other = code(f"{ctx.prefix}guess question={waiting}")
    return f"This guess is not counted: the question that waits for yours is another, {other}."


def _question(ctx: Context, number: int) -> Question:
    """The question of that number: each sign as likely as the others, and never a window without products."""
    chance = Random(number)  # noqa: S311 - it guards nothing
    sign = chance.choice((1, 0, -1))
    cases = [(name, image) for name in KERNELS for image in ("3", "7")]
    chance.shuffle(cases)
    # Not every kernel makes zeros: the first that has the sign is asked about.
    found = ((name, image, _places(ctx, ctx.kernels.kernel(name), image, sign)) for name, image in cases)
    name, image, places = next(each for each in found if each[2])
    kernel, (row, col) = ctx.kernels.kernel(name), chance.choice(places)
    before = (kernel.size - 1) // 2
    window = ctx.kernels.window(image, kernel, row + before, col + before)
    return Question(number=number, kernel=kernel, image=image, window=window)


def _places(ctx: Context, kernel: Kernel, image: str, sign: int) -> list[tuple[int, int]]:
    """Where the kernel has a sum of that sign, of more than zeros: the windows' upper left corners."""
    pixels = ctx.kernels.pixels(image)
    return [
        (row, col)
        for row, line in enumerate(ctx.kernels.output(image, kernel))
        for col, total in enumerate(line)
        if _sign(total) == sign
        and _counts(kernel.weights, [each[col : col + kernel.size] for each in pixels[row : row + kernel.size]])
    ]


def _counts(weights: Matrix, pixels: Matrix) -> bool:
    """Whether there is ink below a weight that is not 0: else there would be nothing to add up."""
    return any(
        weight and value
        for row, values in zip(weights, pixels, strict=True)
        for weight, value in zip(row, values, strict=True)
    )


def _sign(value: float) -> int:
    return (round(value, 9) > 0) - (round(value, 9) < 0)


def _asked(ctx: Context, question: Question, *, for_sum: bool, public: bool) -> Reply:
    kernel, window = question.kernel, question.window
    place = f"rows {window.rows[0]} to {window.rows[1] - 1}, columns {window.cols[0]} to {window.cols[1] - 1}"
    what = (
        "What is the sum of the products?" if for_sum else "Is the sum of the products positive, zero or negative?"
    )
    answers = f"question={question.number}"
    typed = (
        f"Type {code(f'{ctx.prefix}guess 123 {answers}')} with your sum."
        if for_sum
        else f"Press, or type {code(f'{ctx.prefix}guess negative {answers}')}."
    )
    signs = [Choice(label=sign, command=f"{ctx.prefix}guess {sign} {answers}") for sign in SIGNS]
    return Reply(
        text=f"**{escape(kernel.name)}** over our own {question.image}, {place}. {what}\n\n"
        f"{fence(_unsolved(kernel.weights, window.pixels))}\n\n{typed}",
        images=(
            Image(
                plot="question",
                data={
                    "kernel": kernel.name,
                    "image": plain(ctx.kernels.pixels(question.image)),
                    "pixels": plain(window.pixels),
                    "weights": plain(kernel.weights),
                    "row": window.row,
                    "col": window.col,
                    "asked": what,
                },
                alt=f"The window at ({window.row}, {window.col}) of the drawn {question.image}, its pixels times "
                f"the weights of {kernel.name}; the sum is left out.",
            ),
        ),
        choices=() if for_sum else tuple(signs),
        private=not public,
        poll=SIGNS if public and not for_sum else (),
    )


def _revealed(ctx: Context, question: Question, said: str | float, *, right: bool, score: str) -> Reply:
    kernel, window = question.kernel, question.window
    total = _number(window.sum)
    if right:
        verdict = f"**Right**: the sum is {total}."
    elif isinstance(said, str):
        verdict = f"**Not {said}**: the sum is {total}."
    else:
        near = ", so your sign is right" if _sign(said) == _sign(window.sum) else ""
        verdict = f"**{_number(said)} it is not{near}**: the sum is {total}."
    return Reply(
        text=f"{verdict}\n\n{fence([_arithmetic(kernel.weights, window.pixels, window.sum)])}\n\n"
        f"{' '.join(filter(None, [kernel.high, kernel.sum_means]))}" + (f"\n\n{score}" if score else ""),
        images=(
            Image(
                plot="window",
                data={
                    "kernel": kernel.name,
                    "image": plain(ctx.kernels.pixels(question.image)),
                    "pixels": plain(window.pixels),
                    "weights": plain(kernel.weights),
                    "products": plain(window.products),
                    "total": window.sum,
                    "row": window.row,
                    "col": window.col,
                },
                alt=f"The window at ({window.row}, {window.col}) times the kernel {kernel.name}: "
                f"the products add up to {total}.",
            ),
        ),
        choices=(_another(ctx),),
        private=True,
    )


def _another(ctx: Context) -> Choice:
    return Choice(label="another", command=f"{ctx.prefix}guess")


def _unsolved(weights: Matrix, pixels: Matrix) -> list[str]:
    """The pixels × the weights = ?, line by line."""
    middle = (len(weights) - 1) // 2
    rows = zip(grid(pixels), grid(weights), strict=True)
    return [
        left + (" × " if row == middle else "   ") + right + (" = ?" if row == middle else "")
        for row, (left, right) in enumerate(rows)
    ]


def _arithmetic(weights: Matrix, pixels: Matrix, total: float) -> str:
    """`254·1 + 254·1 − 142·1 = 366`: the products that count, in the order of reading."""
    terms: list[str] = []
    for row, values in zip(weights, pixels, strict=True):
        for weight, value in zip(row, values, strict=True):
            if weight and value:
                sign = ("− " if weight < 0 else "+ ") if terms else ("−" if weight < 0 else "")
                times = "" if abs(weight) == 1 else f"·{_number(abs(weight))}"
                terms.append(f"{sign}{_number(value)}{times}")
    return f"{' '.join(terms) or '0'} = {_number(total)}"


def _number(value: float) -> str:
    return f"{round(value, 4) + 0.0:.10g}".replace("-", "−")
