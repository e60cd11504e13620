"""Numbers as a reply shows them: short, in even columns, with a true minus sign."""

from collections.abc import Sequence

from bot.demo import Matrix


def number(value: float) -> str:
    """Whole numbers without a point, others with up to four decimals, and a true minus sign."""
    shown = f"{round(value, 4) + 0.0:g}" if abs(value) < 1e5 else f"{value:,.0f}"
    return shown.replace("-", "−")


def grid(numbers: Matrix) -> list[str]:
    """Rows of numbers, every column as wide as the widest number."""
    written = [[number(value) for value in row] for row in numbers]
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
    """`5`, `25–27`, `0, 3, 6`: whole numbers in a row, those that follow each other as a span."""
    runs: list[list[int]] = []
    for each in numbers:
        if runs and each == runs[-1][-1] + 1:
            runs[-1].append(each)
        else:
            runs.append([each])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
