"""Numbers as a reply shows them: short, in even columns, with a true minus sign."""

from collections.abc import Sequence

from bot.demo import Matrix

MOST_SPANS = 9  # a longer list is not read


def number(value: float) -> str:
    """Whole numbers without a point, others with up to four decimals, and a true minus sign."""
    shown = f"{round(value, 4) + 0.0:g}" if abs(value) < 1e5 else f"{value:,.0f}"
    return shown.replace("-", "−")


def grid(numbers: Matrix) -> list[str]:
    """Rows of numbers, every column as wide as the widest number."""
    return columns([[number(value) for value in row] for row in numbers])


def columns(written: Sequence[Sequence[str]]) -> list[str]:
    """Rows of words, every column as wide as the widest."""
    width = max(len(text) for row in written for text in row)
    return [" ".join(f"{text:>{width}}" for text in row) for row in written]


def fence(lines: Sequence[str]) -> str:
    """The lines as they are, in columns."""
    return "\n".join(["```text", *lines, "```"])


def size(numbers: Matrix) -> str:
    """Rows × columns."""
    return f"{len(numbers)}×{len(numbers[0])}"


def plain(numbers: Matrix) -> list[list[float]]:
    """Lists, as JSON has them."""
    return [list(row) for row in numbers]


def spans(numbers: Sequence[int]) -> str:
    """`5`, `25–27`, `0, 3, 6`: whole numbers in a row, those that follow each other as a span.

    Of many spans the first and the last are named: `1, 3, 5, 7, 9, 11, …, 99`.
    """
    runs: list[list[int]] = []
    for each in numbers:
        if runs and each == runs[-1][-1] + 1:
            runs[-1].append(each)
        else:
            runs.append([each])
    said = [str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs]
    return ", ".join(said if len(said) <= MOST_SPANS else [*said[: MOST_SPANS - 2], "…", said[-1]])


def left_over(visits: Sequence[int]) -> bool:
    """Whether the cells in no window are the last ones: what is left when a size is rounded down.

    Cells in no window that lie further up were stepped over: by a long stride, or between weights that lie apart.
    """
    cells = list(visits)
    while cells and not cells[-1]:
        cells.pop()
    return 0 not in cells


def passing(stride: int, dilation: int) -> str:
    """How cells further up come to lie in no window."""
    apart = f", with weights {dilation} apart," if dilation > 1 else ""
    return f"steps of {stride}{apart} pass over them"
