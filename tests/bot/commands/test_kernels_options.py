"""The rest of `!kernel`: angles, other forms, strides and padding, chains, comparisons, channels."""

import json

import pytest

from bot.app import LOCAL, THREAD, App
from bot.dispatch import Dispatch, Refusal
from bot.parse import Call, called
from bot.platforms.discord.lines import line as as_line
from bot.values import Asked, Reply
from engine import InputError
from engine.plots import draw
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
    """762 + 10 = 772, in the window and in the map; there, flat areas do not vanish, and the title says why."""
    assert "**762**. With add=10 that is **772**." in (await told(app, "!kernel topedge at=5,7 add=10")).text
    reply = await told(app, "!kernel topedge add=10")
    assert "from −752 to 772" in reply.text
    assert "The weights add up to 0, and add=10 is added to every sum: flat areas are 10." in reply.text
    assert "vanish" not in reply.text + str(reply.images[0].data["notes"])
    assert reply.images[0].data["kernel"] == "topedge + 10"
    assert "the kernel topedge + 10" in reply.images[0].alt
    reply = await told(app, "!kernel blur add=-5 rgb image=card")
    assert "**blur − 5** over our own test card" in reply.text
    assert "add=−5 is added to every sum." in reply.text
    kept = (await told(app, "!kernel blur add=-5")).text
    assert "flat areas keep their brightness, and add=−5 is added to every sum." in kept


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
        ("topedge flip", "The same weights as bottomedge."),
        ("topedge div=-1", "The same weights as bottomedge."),
        ("topedge div=1/9", "from −6858 to 6858"),
        ("1 2 1 2 4 2 1 2 1 normalize", "The same weights as blur."),
        ("topedge image=7 flip", "**topedge, flipped** over our own 7"),
        ("topedge pad=1 mode=circular", "The padding holds wrap"),
        ("topedge pad=1 mode=constant", "The padding holds zeros"),
        ("topedge pad=1 mode=nearest", "The padding holds replicate"),
        ("topedge pad=1 mode=edge", "The padding holds replicate"),
        ("0 0 0; 0 0 0; 0 0 0", "All weights are 0, and so is every sum."),
        ("unsharp", "It is identity + a·(identity − blur) with a = 1"),
        ("motion7:30", "Much ink along a line at 30°."),
        ("motion7", "Much ink along a line at 0°."),
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
        ("blur | boxblur | outline", "Three convolutions are one: one 7×7 kernel does the same in one step"),
        ("blur | outline", "Its weights, all ÷ 16:\n\n```text\n−1 −3 −4 −3 −1\n"),
        (
            "blur | blur | blur | blur",
            "one 9×9 kernel does the same in one step, to the digit. Its weights, all ÷ 65536",
        ),
        ("gaussian5 | gaussian5 | gaussian5", "Its 169 weights are too many to read: they run from 0 to"),
        ("gaussian5 | gaussian5 | gaussian5", "and add up to 1."),
    ],
)
async def test_the_one_kernel_is_told_whatever_its_size(app: App, line: str, said: str) -> None:
    """How many became one, and its weights as fractions, or what they are like where they are too many."""
    assert said in (await told(app, f"!kernel {line}")).text


@pytest.mark.parametrize(
    "kernel",
    [
        " ".join(["-1/49"] * 49),
        " ".join(["0.00001"] * 9),
        " ".join(["-1.23456789012345e-5"] * 25),
        " ".join(f"1/{7 + place}.37" for place in range(49)),
    ],
    ids=["fractions", "tiny", "digits", "odd-fractions"],
)
async def test_a_written_kernel_is_offered_as_it_was(app: App, kernel: str) -> None:
    """The button's line is short enough, and comes to the same range."""
    line = f"!kernel {kernel} stride=2 pad=3 dilation=1 mode=symmetric div=-0.123456789 add=-12.3456"
    reply = await told(app, line)
    (choice,) = reply.choices
    again = await app.ask(choice.command.rpartition(" at=")[0], draw=False)
    assert again.text == reply.text


async def test_two_conventions_side_by_side(app: App) -> None:
    """`flip` behind `vs` turns the second kernel alone, before it the first; both ways to write it are one."""
    reply = await told(app, "!kernel topedge vs topedge flip")
    assert "On the left as deep learning does it" in reply.text
    assert "They are opposites" in reply.text
    assert [choice.command for choice in reply.choices] == ["!kernel topedge", "!kernel topedge flip"]
    for same in ("compare=topedge flip", 'compare="topedge flip"'):
        assert (await told(app, f"!kernel topedge {same}")).text == reply.text
    turned = await told(app, "!kernel topedge flip vs topedge")
    assert "On the right as deep learning does it" in turned.text
    both = await told(app, "!kernel topedge flip vs topedge flip")
    assert "Their weights are the same." in both.text


@pytest.mark.parametrize(
    ("values", "plainly"),
    [
        ({"kernel": "topedge", "compare": "topedge", "flip": "yes"}, "right"),
        ({"kernel": "topedge vs topedge", "flip": "yes"}, "right"),
        ({"kernel": "topedge", "compare": "topedge flip"}, "left"),
        ({"kernel": "topedge vs topedge flip"}, "left"),
    ],
    ids=["compare", "vs", "compare-its-own", "vs-its-own"],
)
async def test_a_form_of_two_kernels(app: App, values: dict[str, str], plainly: str) -> None:
    """What is filled in beside them is the first one's; the line that stands for the form means the same."""
    asked, command = Asked(command="kernel", values=values), app.registry.get("kernel")
    assert command is not None
    call = called(asked, app.registry, "!")
    assert isinstance(call, Call)
    dispatch = Dispatch(registry=app.registry, theirs=(InputError,))
    reply = await dispatch.run(call, app.context(LOCAL, THREAD))
    assert f"On the {plainly} as deep learning does it" in reply.text
    assert (await told(app, as_line(asked, command, "!"))).text == reply.text


async def test_options_behind_vs(app: App) -> None:
    """Those that change a kernel change the second; those of the picture and the walk are for both."""
    reply = await told(app, "!kernel outline div=4 vs topedge stride=2 div=1/3 image=7 add=5 scale=abs")
    assert [choice.command for choice in reply.choices] == [
        "!kernel outline stride=2 div=4 image=7",
        "!kernel topedge stride=2 div=1/3 add=5 image=7",
    ]
    assert "**topedge, ÷ 0.333333 + 5**: 13×13 sums" in reply.text
    data = reply.images[0].data
    assert [each["add"] for each in data["kernels"]] == [0, 5]
    assert (data["steps"]["stride"], data["scale"]) == (2, "abs")


async def test_a_comparison_says_how_it_came_about(app: App) -> None:
    """Each size with its formula, the cells in no window, the padding and the scale; nothing twice."""
    text = (await told(app, "!kernel topedge vs gaussian5 stride=3 pad=2 scale=abs")).text
    assert "⌊(28 + 2·2 − 3) / 3⌋ + 1 = 10. Size: ⌊(28 + 2·2 − 5) / 3⌋ + 1 = 10." in text
    assert text.count("The padding holds zeros") == 1
    assert text.count("Shown without signs") == 1
    assert "Row 27 and column 27 lie in no window" in (await told(app, "!kernel topedge vs blur stride=2")).text


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("topedge vs bottomedge", "They are opposites: every weight has its sign turned."),
        ("topedge compare=sobel:bottom", "Their weights have the same signs in every cell."),
        ("topedge vs. topsobel", "Their weights have opposite signs in every cell."),
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
        ("topedge div=0.0001", "÷ 0.0001, a weight would be too large: they run from -1000 to 1000, and beyond"),
        ("topedge div=1e-320", "a weight would be too large"),
        ("1000 -999.999999; 0 0 normalise", "a weight would be too large"),
        ("topedge groups=3", "`groups` is 3 or 1, beside `rgb`"),
        ("topedge groups=2 rgb", "`groups` is 3 or 1, beside `rgb`"),
        ("blur | outline at=5,7", "leave out the other kernels, or the window"),
        ("topedge vs blur at=5,7", "leave out the second kernel, or the window"),
        ("topedge rgb at=5,7", "leave out `rgb`, or the window"),
        ("topedge rgb compare=blur", "either two kernels or `rgb`"),
        ("blur | outline stride=2", "A chain is shown without options"),
        ("a vs b vs c", "Two kernels are compared at a time"),
        ("topedge at=5,7 compare=outline", "leave out the second kernel, or the window"),
        ("topedge vs", "Behind `vs` stands a second kernel"),
        ("topedge vs blur div=x", "`div` is a number from -1000 to 1000, not `x`."),
        ("topedge vs blur div=0", "div=0 divides by zero"),
        ("topedge vs blur wide", "I know the kernel 'blur', but not 'wide' behind it."),
        ("topedge filp", "`filp` is no option; did you mean `flip`?"),
        ("topedge stride", "`stride` is an option with a value: `stride=1–8`."),
        ("topedge wrap", "did you mean `mode=wrap`?"),
        ("topedge A", "Did you mean the picture `image=A`?"),
        ("topedge card", "Did you mean the picture `image=card`?"),
        ("topedge flip flip", "One `flip` is enough."),
        ("topedge grayscale", "`grayscale` is no option of `!kernel`. The options: `at`, "),
        ("1 2 1 2 4 2 1 2 1 filp", "`filp` is no option; did you mean `flip`?"),
        (
            "sobel",
            "There is no one sobel: take topsobel, bottomsobel, leftsobel, rightsobel, or one with an angle",
        ),
        ("topedge image=\u6f22", "My font has no \u6f22."),
        ("topedge div=1/0", "`div` is a number from -1000 to 1000, not `1/0`"),
        ("-1 0 1\n-2 0 2\n-1 0 1", "its rows are parted by ; on one line"),
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


async def test_a_word_that_another_command_has_is_none_of_this_one(app: App) -> None:
    """`rgb` is an option of `!kernel`; `!slide` says that it has none, and which it has."""
    reply = await app.ask("!slide topedge rgb", draw=False)
    assert "`rgb` is no option of `!slide`. The options: `image`, `stride`" in reply.text


async def test_an_attached_picture_is_compared_and_chained(app: App) -> None:
    """The sums are worked out in the drawing, so little travels there; nothing is kept, and no button offered."""
    for line, sizes in (
        ("!kernel topedge vs blur", "222×222 sums"),
        ("!kernel blur | outline", "222×222 → 220×220"),
    ):
        reply = await asked(app, line, file(noise(300, 300), "PNG"))
        assert "the attached picture" in reply.text
        assert sizes in reply.text
        (image,) = reply.images
        assert not image.kept
        assert not reply.choices
        assert len(json.dumps(dict(image.data))) < 70_000
        assert draw(image.plot, image.data).startswith(b"\x89PNG")


async def test_a_photo_takes_the_options(app: App) -> None:
    """Stride, padding and scale reach the drawing."""
    reply = await asked(app, "!kernel topedge stride=2 pad=1 scale=abs add=3", file(noise(50, 50), "PNG"))
    data = reply.images[0].data
    assert (data["scale"], data["add"], data["steps"]["stride"], data["steps"]["padding"]) == ("abs", 3, 2, 1)
    assert "50×50 pixels (rows × columns) → 25×25 sums" in reply.text
