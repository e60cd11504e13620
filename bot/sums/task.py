"""What a kernel command was asked to do, all of it: the kernel, how it walks, and how its sums are shown."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from bot.context import Context
from bot.demo import Kernel, Kernels, Matrix
from bot.sums.numbers import left_over, number, passing, spans
from bot.sums.sources import Source, explicit
from bot.values import Choice

SCALES = {
    "auto": "Shown from white, the smallest, to black, the largest, as the book does.",
    "clip": "Shown cut to 0–255: whatever is negative looks like 0, and whatever is above 255 like 255.",
    "abs": "Shown without signs: both kinds of edges are dark.",
    "relu": "Shown as ReLU leaves it: whatever is negative is 0.",
}


LONGEST = 800  # characters of a kernel: a command has a thousand, and its options need some


@dataclass(frozen=True, kw_only=True)
class Task:
    """One kernel, how it walks over which picture, and what happens to the sums.

    `raw` is the kernel before it was divided or turned.
    """

    kernel: Kernel
    raw: Kernel
    source: Source
    stride: int = 1
    pad: int = 0
    dilation: int = 1
    mode: str = "zeros"
    add: float = 0
    scale: str | None = None
    div: float = 1
    normalise: bool = False
    flip: bool = False

    def of(self, ctx: Context, raw: Kernel) -> "Task":
        """The same task for a kernel as it was typed."""
        kernel = ctx.kernels.adjusted(raw, divisor=self.div, normalise=self.normalise, flip=self.flip)
        return replace(self, raw=raw, kernel=kernel)

    @property
    def options(self) -> str:
        """What was typed beside the kernel, to type it again."""
        numbers = {"stride": (self.stride, 1), "pad": (self.pad, 0), "dilation": (self.dilation, 1)}
        numbers |= {"div": (self.div, 1), "add": (self.add, 0)}
        said = [f"{name}={_exact(value)}" for name, (value, usual) in numbers.items() if value != usual]
        said += [f"mode={self.mode}"] if self.mode != "zeros" else []
        said += [name for name, on in (("normalise", self.normalise), ("flip", self.flip)) if on]
        return "".join(f" {each}" for each in said)

    @property
    def steps(self) -> dict[str, Any]:
        """How it walks, as the demo takes it."""
        return self.walk | {"mode": self.mode}

    @property
    def walk(self) -> dict[str, int]:
        """The same without what stands in the padding."""
        return {"stride": self.stride, "padding": self.pad, "dilation": self.dilation}

    @property
    def walks_plainly(self) -> bool:
        """Whether it takes every place, and no padding."""
        return self.walk == {"stride": 1, "padding": 0, "dilation": 1}

    @property
    def typed(self) -> str:
        """The kernel and its options as one would type them."""
        return typed(self.raw, self.options)

    @property
    def called(self) -> str:
        """The kernel's name, and what is added to its sums."""
        sign = "+" if self.add > 0 else "−"
        return f"{self.kernel.name} {sign} {number(abs(self.add))}" if self.add else self.kernel.name

    @property
    def about(self) -> str:
        """What is worth knowing about the kernel."""
        return " ".join(each for each in (self.kernel.high, self._flat) if each)

    @property
    def _flat(self) -> str:
        """What becomes of a flat area."""
        if not self.add:
            return self.kernel.sum_means
        more = f"add={number(self.add)} is added to every sum"
        if self.kernel.sum == 0:
            return f"The weights add up to 0, and {more}: flat areas are {number(self.add)}."
        return f"{self.kernel.sum_means.removesuffix('.')}, and {more}."

    def again(self, ctx: Context, label: str, place: str = "") -> tuple[Choice, ...]:
        """The same as a button, perhaps for one window.

        A choice is a command by itself: no picture would be attached to it, so for an attached one there is none.
        """
        if not isinstance(self.source, str):
            return ()
        line = f"{ctx.prefix}kernel {self.typed}{place}{explicit(ctx, self.source)}"
        return (Choice(label=label[:80], command=line),)

    def walked(self, demo: Kernels, pixels: Matrix) -> list[str]:
        """The output's size with its formula filled in, what is passed over, and what stands in the padding."""
        rows, cols = len(pixels), len(pixels[0])
        formulas = [demo.formula(n, self.kernel.size, **self.walk) for n in dict.fromkeys((rows, cols))]
        said = ["Size: " + " and ".join(formulas) + "."]
        rounded = True
        for noun, n in (("Row", rows), ("Column", cols)):
            visits = self.visits(demo, n)
            missed = [cell for cell, count in enumerate(visits) if not count]
            if missed:
                rounded = rounded and left_over(visits)
                many = noun.lower() if said[1:] else noun
                said.append(f"{many}{'s' if len(missed) > 1 else ''} {spans(missed)}")
        if said[1:]:
            why = "sizes are rounded down, silently" if rounded else passing(self.stride, self.dilation)
            said = [said[0], " and ".join(said[1:]) + f" lie in no window: {why}."]
        if self.pad:
            said.append(f"The padding holds {self.mode}: {demo.modes[self.mode]}.")
        elif self.mode != "zeros":
            said.append(f"`mode={self.mode}` says what stands in the padding: it takes `pad=1` or more to see it.")
        if self.mode in {"reflect", "mirror", "symmetric"}:
            said.append(
                "“Reflect” has two meanings: torch does not repeat the edge, scipy does (here: symmetric)."
            )
        if self.scale in SCALES:
            said.append(SCALES[self.scale])
        return said

    def visits(self, demo: Kernels, n: int) -> list[int]:
        """How many windows touch each cell of a side."""
        return list(demo.visits(n, self.kernel.size, **self.walk))

    def added(self, total: float) -> str:
        """What `add` makes of a sum, where there is one."""
        return f" With add={number(self.add)} that is **{number(total + self.add)}**." if self.add else ""


def typed(kernel: Kernel, options: str = "") -> str:
    """A kernel as one would type it."""
    return (written_out(kernel) if kernel.name == "custom" else kernel.name) + options


def written_out(kernel: Kernel) -> str:
    """`[[0,1],[1,0]]`, as short as it can be: to the digit, or if that is too long for a line, to ten of them."""
    exact = _brackets(kernel, _exact)
    return exact if len(exact) <= LONGEST else _brackets(kernel, lambda value: f"{value:.10g}")


def _brackets(kernel: Kernel, written: Callable[[float], str]) -> str:
    return "[" + ",".join(f"[{','.join(map(written, row))}]" for row in kernel.weights) + "]"


def _exact(value: float) -> str:
    """`0.5`, `1/9`: what is read as the very same number."""
    near = Fraction(value).limit_denominator(1000)
    digits = f"{value:.15g}" if float(f"{value:.15g}") == value else repr(value)
    fraction = f"{near.numerator}/{near.denominator}"
    return fraction if near.numerator / near.denominator == value and len(fraction) < len(digits) else digits
