"""The kernel commands give the lecture's numbers."""

import pytest

from bot.app import App
from bot.dispatch import Refusal


@pytest.mark.parametrize(
    ("line", "total"),
    [
        ("at=5,7", "762"),
        ("at=(5,7)", "762"),
        ("at=5,8", "762"),
        ("at=4,8", "583"),
        ("rows=4:7 cols=6:9", "762"),
        ("rows=7:10 cols=17:20", "−29"),
        ("rows=0:3 cols=0:3", "0"),
        ("at=1,1", "0"),
    ],
)
async def test_one_window_is_worked_out(app: App, line: str, total: str) -> None:
    """The sum is the lecture's, in the text, under the products, and in the alt text."""
    reply = await app.ask(f"!kernel topedge {line}", draw=False)
    assert f"add up to **{total}**" in reply.text
    assert reply.text.endswith(f"sum = {total}\n```")
    assert reply.images[0].alt.endswith(f"add up to {total}.")


async def test_the_window_is_an_aligned_table(app: App) -> None:
    """Pixels × weights = products, line by line, columns aligned, readable without the picture."""
    reply = await app.ask("!kernel topedge at=5,7", draw=False)
    assert "rows 4, 5, 6 × columns 6, 7, 8" in reply.text
    lines = reply.text.split("```text\n")[1].removesuffix("\n```").split("\n")
    assert len({len(line) for line in lines}) == 1
    assert lines[1].replace("−", "-").split() == ["142", "155", "246", "×", "0", "0", "0", "=", "0", "0", "0"]
    assert lines[2].split() == ["254", "254", "254", "1", "1", "1", "254", "254", "254"]


async def test_the_whole_picture(app: App) -> None:
    """28×28 pixels give 26×26 sums; their range, what high means and the kernel stand in the reply."""
    reply = await app.ask("!kernel topedge", draw=False)
    assert "28×28 pixels → 26×26 sums, from −762 to 762" in reply.text
    assert "flat areas vanish" in reply.text
    (choice,) = reply.choices
    assert "**762**" in (await app.ask(choice.command, draw=False)).text


@pytest.mark.parametrize(
    ("kernel", "total"),
    [("[[-1,-1,-1],[0,0,0],[1,1,1]]", "762"), ("-1 -1 -1; 0 0 0; 1 1 1", "762"), ("Top Edge", "762")],
)
async def test_a_kernel_may_be_written_out(app: App, kernel: str, total: str) -> None:
    """In brackets, in rows, or by any spelling of its name; the offered command repeats it."""
    reply = await app.ask(f"!kernel {kernel} at=5,7", draw=False)
    assert f"**{total}**" in reply.text
    assert not isinstance(await app.ask(reply.choices[0].command, draw=False), Refusal)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("!kernel", "I need a `kernel`"),
        ("!kernel topegde", "The nearest: topedge"),
        ("!kernel topedge at=0,7", "runs from 1 to 26"),
        ("!kernel topedge at=5,27", "runs from 1 to 26"),
        ("!kernel topedge at=5", "`at` is written like `5,7`, not `5`."),
        ("!kernel topedge at=a,b", "`at` is written like `5,7`, not `a,b`."),
        ("!kernel topedge at=[5,7]", "`at` is written like `5,7`, not `[5,7]`."),
        ("!kernel topedge rows=: cols=6:9", "`rows` is written like `4:7`, not `:`."),
        ("!kernel topedge at=5,7 rows=4:7", "Give either `at`"),
        ("!kernel topedge rows=4:7", "both `rows` and `cols`"),
        ("!kernel topedge rows=4:9 cols=6:9", "the kernel needs 3"),
        ("!kernel topedge rows=26:29 cols=6:9", "outside"),
        ("!kernel topedge image=55", "I have: 3, 7, card, any letter or digit"),
        ("!kernel [[1,2],[3]]", "ow 2"),
        ("!kernel [[x]]", "'x' is not a number"),
        ("!kernel [[1001]]", "1000"),
        ("!kernel " + "[" * 500, "["),
        ("!kernel topedge colour=red", "There is no option `colour`"),
    ],
)
async def test_what_cannot_be_is_said_in_a_sentence(app: App, line: str, said: str) -> None:
    """The sentence names what was wrong and what would be right."""
    reply = await app.ask(line, draw=False)
    assert isinstance(reply, Refusal)
    assert said in reply.text.replace("\\", "")
    assert "Something went wrong" not in reply.text


async def test_the_catalogue_says_what_high_means(app: App) -> None:
    """Every kernel has a name, a sum and a sentence; the book's two diagonals add up to 1."""
    reply = await app.ask("!kernels", draw=False)
    assert reply.table is not None
    sums = {row[0]: row[2] for row in reply.table.rows}
    assert (sums["topedge"], sums["diag1"], sums["blur"], sums["outline"]) == (0, 1, 1, 0)
    assert all(row[3] for row in reply.table.rows)
