"""The rest of `!kernel`: angles, other forms, strides and padding, chains, comparisons, channels."""

import pytest

from bot.app import App
from bot.dispatch import Refusal
from bot.values import Reply
from tests.bot.commands.test_kernels_attached import asked
from tests.photos import file, noise


async def told(app: App, line: str) -> Reply:
    """The answer, which is no refusal, and whose every choice is answered, too."""
    reply = await app.ask(line, draw=False)
    assert not isinstance(reply, Refusal), reply.text
    assert len(reply.text) <= 1_900, "longer than a message on Discord"
    for choice in reply.choices:
        assert not isinstance(await app.ask(choice.command, draw=False), Refusal), choice.command
    return reply


@pytest.mark.parametrize(
    ("line", "total"),
    [
        ("topedge flip at=5,7", "−762"),
        ("bottomedge at=5,7", "−762"),
        ("1 2 1 2 4 2 1 2 1 div=16 at=5,7", "150.75"),
        ("1 2 1 2 4 2 1 2 1 normalise at=5,7", "150.75"),
        ("1/9 1/9 1/9 1/9 1/9 1/9 1/9 1/9 1/9 at=5,7", "145"),
        ("sobel:bottom at=5,7", "1016"),
        ("topedge:180 at=5,7", "−762"),
        ("topedge stride=2 at=5,7", "762"),
        ("topedge pad=1 at=0,7", "0"),
        ("topedge dilation=2 rows=3:8 cols=5:10", "762"),
    ],
)
async def test_a_window_with_options(app: App, line: str, total: str) -> None:
    """The sum, whichever way the kernel was written, divided, turned or led."""
    assert f"add up to **{total}**" in (await told(app, f"!kernel {line}")).text


async def test_what_is_added_is_added(app: App) -> None:
    """762 + 10 = 772, in the window and in the map."""
    assert "**762**. With add=10 that is **772**." in (await told(app, "!kernel topedge at=5,7 add=10")).text
    assert "from −752 to 772" in (await told(app, "!kernel topedge add=10")).text


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("topedge", "Size: ⌊(28 + 2·0 − 3) / 1⌋ + 1 = 26."),
        ("topedge stride=2", "Row 27 and column 27 lie in no window"),
        ("topedge stride=2 pad=1", "⌊(28 + 2·1 − 3) / 2⌋ + 1 = 14."),
        ("topedge pad=1", "28×28 pixels → 28×28 sums"),
        ("topedge dilation=2", "28×28 pixels → 24×24 sums"),
        ("gaussian5 pad=2 stride=2", "→ 14×14 sums"),
        ("topedge pad=2 mode=reflect", "The padding holds reflect: c b | a b c d | c b"),
        ("topedge pad=2 mode=symmetric", "b a | a b c d | d c"),
        ("topedge pad=2 mode=mirror", "“Reflect” has two meanings"),
        ("topedge mode=wrap", "it takes `pad=1` or more to see it"),
        ("topedge stride=8", "Rows 3–7, 11–15, 19–23, 27 and columns 3–7, 11–15, 19–23, 27 lie in no window"),
        ("topedge stride=2", "lie in no window: sizes are rounded down, silently."),
        ("topedge stride=8", "27 lie in no window: steps of 8 pass over them."),
        ("topedge stride=2 pad=1 dilation=2", "0, 2, 4, 6, 8, 10, 12, …, 26 lie in no window"),
        ("topedge stride=2 pad=1 dilation=2", "steps of 2, with weights 2 apart, pass over them."),
        ("0.0001 0 0; 0 0 0; 0 0 0", "The weights add up to 0.0001: a flat area is multiplied by 0.0001."),
        ("topedge scale=clip", "Shown cut to 0–255"),
        ("topedge scale=relu", "whatever is negative is 0"),
        ("topedge", "Its opposite is bottomedge. It is separable"),
        ("topedge", "setosa's *bottom* sobel has the same signs"),
        ("sobel:90", "The same weights as topsobel. setosa paints high values white"),
        ("blur image=A", "over a printed A"),
        ("blur image=letter:3", "over a printed 3"),
        ("blur image=card", "over our own test card: 64×64 pixels"),
    ],
)
async def test_a_map_says_how_it_came_about(app: App, line: str, said: str) -> None:
    """The size with its formula, what is passed over, the padding, the scale, both traditions' names."""
    assert said in (await told(app, f"!kernel {line}")).text


async def test_a_chain_shows_each_stage_and_the_one_kernel(app: App) -> None:
    """28 → 26 → 24, and a 5×5 kernel with 1.25 in the middle."""
    reply = await told(app, "!kernel blur | outline")
    assert "28×28 → 26×26 → 24×24" in reply.text
    assert "one 5×5 kernel does the same" in reply.text
    assert "1.25" in reply.text
    assert [each["name"] for each in reply.images[0].data["kernels"]] == ["blur", "outline"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("topedge vs bottomedge", "They are opposites: every sign is turned."),
        ("topedge compare=sobel:bottom", "Their signs are the same in every cell."),
        ("topedge vs. topsobel", "Their signs are opposite in every cell."),
        ("topedge vs sobel:180", "from −762 to 762"),
    ],
)
async def test_two_kernels_stand_side_by_side(app: App, line: str, said: str) -> None:
    """With what they have to do with each other, and the range of each."""
    reply = await told(app, f"!kernel {line}")
    assert said in reply.text
    assert reply.images[0].plot == "kernel_pair"


async def test_four_filters_on_colour(app: App) -> None:
    """By channel there are three maps; in one group their sum, a single map."""
    apart = await told(app, "!kernel topedge rgb image=card")
    assert "3×64×64, each channel by itself (groups=3): 3 maps of 62×62 sums, from −765 to 765" in apart.text
    assert "3×1×3×3: 27 numbers" in apart.text
    summed = await told(app, "!kernel topedge rgb groups=1 image=card")
    assert "1 map of 62×62, from −2295 to 2295" in summed.text
    assert "1×3×3×3: 27 numbers" in summed.text


async def test_a_photo_in_colour(app: App) -> None:
    """It is read at 128 pixels a side, drawn, and not kept."""
    reply = await asked(app, "!kernel blur rgb", file(noise(200, 400), "PNG"))
    assert "3×64×128" in reply.text
    assert not reply.images[0].kept


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("topedge stride=0", "`stride` is a whole number from 1 to 8, not `0`"),
        ("topedge pad=99", "`pad` is a whole number from 0 to 16"),
        ("topedge mode=mirrored", "zeros or replicate or reflect or mirror or symmetric or wrap"),
        ("topedge dilation=6 image=A pad=0 stride=2 at=4,4", "outside"),
        ("topedge div=0", "div=0 divides by zero"),
        ("topedge div=0.0001", "÷ 0.0001, a weight would be too large: they run from -1000 to 1000."),
        ("topedge div=1e-320", "a weight would be too large"),
        ("1000 -999.999999; 0 0 normalise", "a weight would be too large"),
        ("topedge groups=3", "`groups` is 3 or 1, beside `rgb`"),
        ("topedge groups=2 rgb", "`groups` is 3 or 1, beside `rgb`"),
        ("blur | outline at=5,7", "leave out a chain, or the window"),
        ("topedge vs blur at=5,7", "leave out two kernels, or the window"),
        ("topedge rgb at=5,7", "leave out `rgb`, or the window"),
        ("topedge rgb compare=blur", "either two kernels or `rgb`"),
        ("blur | outline stride=2", "A chain is shown without options"),
        ("a vs b vs c", "Two kernels are compared at a time"),
        ("topedge vs", "I don't know the kernel"),
        ("topedge stride=2 at=4,7", "Row 4 is passed over"),
        ("topedge at 5,7", "A window is named by an option: `!kernel topedge at=5,7`."),
        ("sobel:45 (5, 7)", "`!kernel sobel:45 at=5,7`"),
        ("topedge 0:3,0:3", "`!kernel topedge rows=0:3 cols=0:3`"),
        ("-1 0 1; -2 0 2; -1 0 1 at 5,7", "`!kernel -1 0 1; -2 0 2; -1 0 1 at=5,7`"),
        ("[[1001]]", "Weights run from -1000 to 1000"),
        ("1 2 3; 4 5; 7 8 9", "Row 2 has 2 numbers"),
        ("__import__('os').system('ls')", "I don't know the kernel"),
        ("topedge image=" + "x" * 500, "I have: 3, 7, card, any letter or digit"),
    ],
)
async def test_what_cannot_be_is_said_in_a_sentence(app: App, line: str, said: str) -> None:
    """The sentence names the option, the limit, or what would be right."""
    reply = await app.ask(f"!kernel {line}", draw=False)
    assert isinstance(reply, Refusal), reply.text
    assert said in reply.text.replace("\\", "")
    assert "Something went wrong" not in reply.text


async def test_only_our_own_pictures_are_compared(app: App) -> None:
    """An attached one is refused, with those that can be taken."""
    for line in ("!kernel topedge vs blur", "!kernel blur | outline"):
        reply = await asked(app, line, file(noise(20, 20), "PNG"))
        assert isinstance(reply, Refusal)
        assert "over our own pictures only" in reply.text


async def test_a_photo_takes_the_options(app: App) -> None:
    """Stride, padding and scale reach the drawing."""
    reply = await asked(app, "!kernel topedge stride=2 pad=1 scale=abs add=3", file(noise(50, 50), "PNG"))
    data = reply.images[0].data
    assert (data["scale"], data["add"], data["steps"]["stride"], data["steps"]["padding"]) == ("abs", 3, 2, 1)
    assert "50×50 pixels (rows × columns) → 25×25 sums" in reply.text
