"""`!conv`, `!pixels`, `!channels`: the chapter's numbers, and code that runs as it is printed."""

import re

import numpy as np
import pytest
import torch

from bot.app import App
from bot.dispatch import Refusal
from bot.sums.questions import QUESTIONS, Question
from bot.values import Reply
from engine import images, kernels
from engine.convolution import convolve
from tests.bot.commands.test_kernels_attached import asked
from tests.photos import file, noise


async def told(app: App, line: str) -> Reply:
    """The answer, which is no refusal and fits a message on Discord; its choices are answered, too."""
    reply = await app.ask(line, draw=False)
    assert not isinstance(reply, Refusal), reply.text
    assert len(reply.text) <= 1_900
    for choice in reply.choices:
        assert not isinstance(await app.ask(choice.command, draw=False), Refusal), choice.command
    return reply


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("28 k=3", "28×28 → **26×26**: `⌊(28 + 2·0 − 3) / 1⌋ + 1 = 26`. Every cell is visited."),
        ("28 k=3 p=1", "**28×28**"),
        ("28 k=3 p=1 s=2", "**14×14**"),
        ("28 p=1 s=2", "28 → 14 → 7 → 4 → 2 → 1"),
        ("5 k=4 p=2", "**6×6**"),
        ("5 k=3 p=1 s=2", "**3×3**"),
        ("4", "**2×2**"),
        ("28x28 k=5 p=2 s=2", "**14×14**"),
        ("28 d=2", "**24×24**"),
        ("28 p=2 d=2", "**28×28**"),
        ("28 s=2", "**13×13**"),
        ("28 s=2", "Cell 27 of a side lies in no window: PyTorch rounds down and says nothing"),
        ("28 s=4", "Cells 3, 7, 11, 15, 19, 23, 27 of a side lie in no window"),
        ("28 k=2 s=3", "lie in no window: steps of 3 pass over them, and PyTorch says nothing."),
        ("4096 k=1 s=16", "Cells 1–15, 17–31, 33–47, 49–63, 65–79, 81–95, 97–111, …, 4081–4095 of a side"),
        ("n=28 k=3", "**26×26**"),
        ("28 kernel=5 pad=2 stride=2", "**14×14**"),
        ("28 dilation=2", "**24×24**"),
        ("4096 k=7 s=2 p=3", "**2048×2048**"),
    ],
)
async def test_sizes(app: App, line: str, said: str) -> None:
    """The check table, with the formula filled in and what is never visited."""
    assert said in (await told(app, f"!conv size {line}")).text


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("channels=3 filters=4", "4 filters on 3 channels make **4 maps** of 26×26, not 12"),
        ("channels=3 filters=4", "108 weights + 4 biases = **112 parameters**"),
        ("filters=1", "1 filter on 1 channel makes **1 map**"),
        ("channels=1 filters=4", "36 weights + 4 biases = **40 parameters**"),
        ("channels=3 filters=3", "= **84 parameters**"),
        ("channels=3 filters=12 groups=3", "make **12 maps** of 26×26: in 3 groups, each looks at 1 channel only"),
        ("channels=3 filters=4 s=2 p=1", "`nn.Conv2d(3, 4, 3, stride=2, padding=1)`"),
        ("filters=4,8,16,32,2 p=1 s=2", "**6,722 parameters** in 5 layers."),
    ],
)
async def test_shapes(app: App, line: str, said: str) -> None:
    """Four filters on RGB are four maps and 112 parameters; the whole small net has 6722."""
    assert said in (await told(app, f"!conv shape {line}")).text


async def test_the_small_net_layer_by_layer(app: App) -> None:
    """40, 296, 1168, 4640, 578 parameters; 28 → 14 → 7 → 4 → 2 → 1; and the book's 56,448 is put right."""
    reply = await told(app, "!conv shape filters=4,8,16,32,2 p=1 s=2")
    assert reply.table is not None
    assert [row[4] for row in reply.table.rows] == [40, 296, 1168, 4640, 578]
    assert [row[3] for row in reply.table.rows] == ["4×14×14", "8×7×7", "16×4×4", "32×2×2", "2×1×1"]
    assert [row[2] for row in reply.table.rows][:2] == ["4×1×3×3", "8×4×3×3"]
    assert [row[5] for row in reply.table.rows][:3] == [14 * 14 * 36, 7 * 7 * 288, 4 * 4 * 1152]
    assert "56,448" in reply.text


async def test_the_matrix_behind_it(app: App) -> None:
    """4×9 in full for the toy; 676×784 with 6084 entries that are not 0, 1.148 %."""
    toy = await told(app, "!conv matrix 3x3 k=2")
    assert "**4×9, 16 of 36 entries are not 0 (44.444 %)**" in toy.text
    assert toy.images[0].data["full"]
    assert (await told(app, "!conv matrix")).images == toy.images
    large = await told(app, "!conv matrix 28")
    assert "**676×784, 6,084 of 529,984 entries are not 0 (1.148 %)**" in large.text
    assert not large.images[0].data["full"]


@pytest.mark.parametrize(
    ("line", "names", "shape"),
    [
        ("topedge", ["topedge"], (1, 1, 26, 26)),
        ("edges p=1 s=2", ["topedge", "leftedge", "diag1", "diag2"], (64, 4, 14, 14)),
        ("edges", ["topedge", "leftedge", "diag1", "diag2"], (64, 4, 26, 26)),
        ("blur d=2", ["blur"], (1, 1, 24, 24)),
        ("roberts", ["roberts"], (1, 1, 27, 27)),
        ("kernel=outline n=9", ["outline"], (1, 1, 7, 7)),
        ("motion:30", ["motion:30"], (1, 1, 26, 26)),
    ],
)
async def test_the_code_runs_as_it_is_printed(
    app: App, line: str, names: list[str], shape: tuple[int, ...]
) -> None:
    """Three lines; the kernels are ours, the maps have the printed shape."""
    reply = await told(app, f"!conv code {line}")
    (printed,) = re.findall(r"```python\n(.*?)\n```", reply.text, re.DOTALL)
    assert len(printed.split("\n")) == 3
    scope: dict[str, torch.Tensor] = {}
    exec(printed, scope)  # noqa: S102 - it is what the test is about
    assert tuple(scope["maps"].shape) == shape
    assert printed.endswith("# " + "×".join(map(str, shape)))
    for row, name in zip(scope["kernels"], names, strict=True):
        assert np.array_equal(row[0].numpy(), kernels.kernel(name).array.astype(np.float32))


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("boxblur", "[1., 1., 1.]]]).reshape(1, 1, 3, 3) / 9"),
        ("gaussian5", "[6., 24., 36., 24., 6.]"),
        ("gaussian5", ".reshape(1, 1, 5, 5) / 256"),
        ("blur | outline", ".reshape(1, 1, 5, 5) / 16"),
        ("motion7:30", "0.0"),
        ("[[0.123,1],[2,-3]]", "[[0.123, 1.], [2., -3.]]"),
    ],
)
async def test_the_code_gives_our_sums(app: App, line: str, shown: str) -> None:
    """Run on our 3 instead of random numbers: a blur is divided, not rounded; a chain is its one kernel."""
    (printed,) = re.findall(r"```python\n(.*?)\n```", (await told(app, f"!conv code {line}")).text, re.DOTALL)
    assert shown in printed
    scope: dict[str, torch.Tensor] = {"three": torch.tensor(images.image("3")[None, None], dtype=torch.float32)}
    exec(re.sub(r"torch\.rand\([^)]*\)", "three", printed), scope)  # noqa: S102 - it is what the test is about
    sums = convolve(images.image("3"), kernels.equivalent(kernels.chain(line)))
    assert np.allclose(scope["maps"][0, 0].numpy(), sums, rtol=1e-6, atol=1e-4)
    if line == "gaussian5":  # powers of two lose nothing
        assert np.array_equal(scope["maps"][0, 0].numpy(), sums)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "3s2p1 3s2p1",
            "looks at **7×7** pixels: 1×1 → 3×3 → 7×7, layer by layer. Its neighbour looks at as many, 4 pix",
        ),
        ("layers=2 s=2 p=1", "looks at **7×7** pixels"),
        ("", "looks at **5×5** pixels"),
        ("3d2", "looks at **5×5** pixels"),
        ("3,3,3", "looks at **7×7** pixels"),
        ("layers=4 stride=2 pad=1", "Sizes: 28×28 → 14×14 → 7×7 → 4×4 → 2×2."),
    ],
)
async def test_receptive_fields(app: App, line: str, said: str) -> None:
    """Two stride-2 3×3 layers look at 7×7."""
    assert said in (await told(app, f"!conv rf {line}")).text


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("3 3 s=2 p=1", "Read as 2 layers of 3×3: `3s2p1 3s2p1`."),
        ("3 3s1 s=2", "Read as 2 layers of 3×3: `3s2 3`."),
        ("3 3", "Read as 2 layers of 3×3: `3 3`."),
        ("3", "Read as 1 layer of 3×3: `3`."),
        ("8", "Read as 1 layer of 8×8: `8`."),
        ("9", "Read as 1 layer of 9×9: `9`."),
        ("layers=3s2p1 3s2p1", "Read as 2 layers of 3×3: `3s2p1 3s2p1`."),
        ("layers=3,3,3", "Read as 3 layers of 3×3: `3 3 3`."),
        ("layers=3", "Read as 3 layers of 3×3: `3 3 3`."),
        ("layers=2 kernel=5 d=2", "Read as 2 layers of 5×5: `5d2 5d2`."),
        ("3s2p1 layers=5", "Read as 5 layers of 3×3: `3s2p1 3s2p1 3s2p1 3s2p1 3s2p1`."),
        ("3 5s2", "Read as 2 layers of 3×3 and 5×5: `3 5s2`."),
    ],
)
async def test_how_layers_are_read_is_said(app: App, line: str, read: str) -> None:
    """A word is a layer, also when it is alone; `layers=` counts; options say what no word says."""
    assert (await told(app, f"!conv rf {line}")).text.startswith(read)


async def test_a_number_alone_may_have_meant_so_many_layers(app: App) -> None:
    """Then that is one click away."""
    choices = (await told(app, "!conv rf 8")).choices
    assert "!conv rf layers=8" in {choice.command for choice in choices}


async def test_what_is_padding_is_no_pixel(app: App) -> None:
    """The book's five layers look at 63×63 cells, of a picture of 28×28, and their last map has one cell."""
    reply = await told(app, "!conv rf 3s2p1 layers=5")
    assert "**63×63** cells" in reply.text
    assert "that is all of the 28×28 pixels; the rest, 80 % of what it looks at, is padding." in reply.text
    assert "It has no neighbour: the last map is 1×1." in reply.text
    assert "to 63×63 cells, all of the 28×28 pixels and padding around them." in reply.images[0].alt
    small = await told(app, "!conv rf 3s2p1 3s2p1 n=4")
    assert small.images[0].alt.endswith("to 7×7 cells, all of the 4×4 pixels and padding around them.")
    partly = await told(app, "!conv rf 3p1 layers=8 n=20")
    assert "In the middle of the map that is 17×17" not in partly.text
    assert "**17×17** pixels" in partly.text


async def test_a_side_alone_is_a_size(app: App) -> None:
    """`!conv 28` asks how large the output is."""
    assert await told(app, "!conv 28 s=2") == await told(app, "!conv size 28 s=2")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("conv sizes", "it takes `questions`, `size`, `shape`, `matrix`, `code` or `rf`"),
        ("conv size 28x27", "is no side of a square picture"),
        ("conv size 28 n=5", "The picture's side is given twice"),
        ("conv size 2 k=5", "The kernel spans 5 cells and the picture only 2"),
        ("conv size 28 k=12", "`k` is a whole number from 1 to 11"),
        ("conv size 28 q=1", "There is no option `q`"),
        ("conv size 28 groups=3", "`conv size` does not take `groups`: it takes `n`, `k`, `p`, `s`, `d`."),
        ("conv questions n=5", "`conv questions` does not take `n`: it takes no option."),
        ("conv shape 28", "A layer's shape is told by options"),
        ("conv shape channels=3 filters=4 groups=2", "groups=2 does not divide 3 channels into 4 maps."),
        ("conv shape filters=0", "1 to 8 whole numbers from 1 to 4096"),
        ("conv shape filters=a,b", "not `a,b` (1 to 8 whole numbers from 1 to 4096)"),
        ("conv matrix 41", "I draw up to n=40"),
        ("conv matrix 40 p=64", "the matrix has 27,556 rows: I draw up to 1,600"),
        ("conv code topegde", "The nearest: topedge"),
        ("conv code gaussian5 | gaussian5", "it is 9×9, and I print up to 7×7: `!kernel gaussian5 | gaussian5`"),
        ("conv rf 3x3", "`3x3` is no layer: write the kernel's side, up to 11, then s, p and d"),
        ("conv rf 3 3 3 3 3 3 3 3 3", "9 layers are too many: 8 at most"),
        ("conv rf 3s2p1 3s2p1 k=3", "Every word says its k itself: `3s2p1 3s2p1` leaves nothing for `k=3`."),
        ("conv rf 3s2 3s1 stride=4", "leaves nothing for `s=4`"),
        ("conv rf 3 5 layers=2", "`layers=2` repeats one layer, and here are 2: write `3 layers=2`"),
        ("conv rf 3s17", "`3s17` is no layer"),
        ("conv rf layers=9", "`layers=9` is not possible: 1 to 8 layers."),
        ("conv rf 3 layers=3,3", "The layers are given twice: `3` and `layers=3,3`."),
        ("conv size 28 s=2 stride=3", "`s` is given twice."),
        ("conv size 28 k=3 kernel=3", "`k` is given twice"),
        ("conv size 28 kernel=12", "`kernel` is the kernel's side here, from 1 to 11, not `12`."),
        ("conv rf 11 11 11", "The kernel spans 11 cells and the picture only 8"),
        ("pixels 3 rows=20:30", "`rows=20:30` is outside: rows run from 0 to 27."),
        ("pixels card rows=0:64", "64 rows of numbers cannot be read: 40 at most."),
        ("pixels 3 rows=5", "`rows` is written like `5:10`"),
        ("pixels nothing", "I have: 3, 7, card, any letter or digit"),
        ("channels attached", "There is no picture on this post"),
    ],
)
async def test_what_cannot_be_is_said_in_a_sentence(app: App, line: str, said: str) -> None:
    """The sentence names the option, the limit, or what would be right."""
    reply = await app.ask(f"!{line}", draw=False)
    assert isinstance(reply, Refusal), reply.text
    assert said in reply.text.replace("\\", "")
    assert "Something went wrong" not in reply.text


@pytest.mark.parametrize("line", ["pixels {}A", "channels {}3"])
async def test_a_picture_may_be_named_by_the_option_of_other_commands(app: App, line: str) -> None:
    """`image=A`, as `!kernel` has it, is the picture A here, too."""
    assert (await told(app, "!" + line.format("image="))).text == (await told(app, "!" + line.format(""))).text


async def test_the_pixels_of_a_whole_picture_are_described(app: App) -> None:
    """Who does not see the picture is told which rows and columns of what it shows."""
    assert "Row 5 × columns 0–9:" in (await told(app, "!pixels rows=5-5 cols=0:10")).text
    (image,) = (await told(app, "!pixels")).images
    assert image.alt.startswith("Rows 0–27 × columns 0–27 of our own 3 as numbers over their pixels")


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.command)
async def test_a_question_is_answered_by_its_command(app: App, question: Question) -> None:
    """The command runs, has a picture, and the figures of the short answer are in what it says."""
    if question.command == "learn":  # its tests are its own: it takes a second
        return
    reply = await told(app, f"!{question.command}")
    assert reply.images
    assert len(question.asked) <= 80
    said = f"{reply.text} {reply.images[0].alt} {reply.images[0].data}"
    for figure in {"762", "−762", "112", "26×26", "7×7", "12"} & set(re.findall(r"[−\w×]+", question.answer)):
        assert figure in said, figure


async def test_the_questions_are_listed(app: App) -> None:
    """By `!conv` alone: question, short answer, command; each can be picked."""
    reply = await told(app, "!conv")
    assert reply.table is not None
    assert len(reply.table.rows) == len(reply.choices) == len(QUESTIONS)
    assert ("Do four filters on RGB make twelve maps?", "!conv shape channels=3 filters=4") in {
        (row[0], row[2]) for row in reply.table.rows
    }


async def test_a_picture_is_numbers(app: App) -> None:
    """784 of them; rows 5 to 9 as the lecture prints them, both ways of writing a slice."""
    assert "28×28 pixels = 784 numbers, from 0 to 254" in (await told(app, "!pixels")).text
    for line in ("!pixels 3 rows=4:7 cols=6:9", "!pixels 3 rows=4-6 cols=6-8"):
        reply = await told(app, line)
        assert "Rows 4–6 × columns 6–8" in reply.text
        assert "142 155 246\n254 254 254" in reply.text
        assert reply.images[0].data["pixels"] == [[0, 0, 0], [142, 155, 246], [254, 254, 254]]


async def test_a_photo_is_numbers_and_not_kept(app: App) -> None:
    """The first 40 rows and columns of it."""
    reply = await asked(app, "!pixels", file(noise(90, 100), "PNG"))
    assert "Rows 0–39 × columns 0–39" in reply.text
    assert not reply.images[0].kept


async def test_a_picture_in_colour_is_three(app: App) -> None:
    """3×64×64 = 12,288 numbers of the card, 2352 of a 28×28; the channels of a photo."""
    card = await told(app, "!channels")
    assert "3×64×64 = 12,288 numbers" in card.text
    assert "four kernels make 4 maps, not 12" in card.text
    assert "3×28×28 = 2,352 numbers" in (await told(app, "!channels 3")).text
    photo = await asked(app, "!channels", file(noise(30, 50), "PNG"))
    assert "3×30×50 = 4,500 numbers" in photo.text
    assert photo.table is not None
    assert [row[0] for row in photo.table.rows] == ["red", "green", "blue"]
    assert not photo.images[0].kept
