"""The questions that came up in the talk and the thread after it, each with the command that answers it."""

from dataclasses import dataclass

from bot.context import Context
from bot.values import Choice, Reply, Table, code


@dataclass(frozen=True, kw_only=True)
class Question:
    """What was asked or said, a short exact answer, and the command that shows it."""

    asked: str
    answer: str
    command: str


QUESTIONS = (
    Question(
        asked="Are kernels random, or taken from a known set?",
        answer="Learned: they begin as random numbers. nn.Conv2d(3, 3, 3) has 81 weights + 3 biases = 84 of them.",
        command="learn",
    ),
    Question(
        asked="What do negative values mean?",
        answer="The opposite edge. Zero is in the middle of the colours, −762 as far from it as 762.",
        command="kernel topedge",
    ),
    Question(
        asked="Does zero become grey?",
        answer="Only where the scale is symmetric; from smallest to largest, zero is wherever it happens to be.",
        command="kernel emboss scale=auto",
    ),
    Question(
        asked="Is 500 darker than 100, and are values capped?",
        answer="In ink, darker; and nothing is capped: three pixels of 254 make 762. scale=clip shows capping.",
        command="kernel topedge scale=clip",
    ),
    Question(
        asked="Is black high or low?",
        answer="A choice. Here, as in the book, 255 is ink; in most files 255 is white.",
        command="pixels 3 rows=5:10 cols=0:20",
    ),
    Question(
        asked="Is there a pixel of 256?",
        answer="No: 8 bits end at 255. The one that was read out is 246.",
        command="pixels 3 rows=4:7 cols=6:9",
    ),
    Question(
        asked="Which rows are 4:7, and which cell is that?",
        answer="4, 5 and 6, around (5, 7): 762. The book's text says 5,8; that gives 762, too, so nobody noticed.",
        command="kernel topedge rows=4:7 cols=6:9",
    ),
    Question(
        asked="Why 26×26?",
        answer="The window of 3 fits into 28 at 26 places: (28 + 2·0 − 3) / 1 + 1.",
        command="conv size 28 k=3",
    ),
    Question(
        asked="Do four filters on RGB make twelve maps?",
        answer="No, 4: each filter adds up its slices, one for each channel. 112 parameters. 12 with groups=3.",
        command="conv shape channels=3 filters=4",
    ),
    Question(
        asked="Is a convolution just a matrix multiplication?",
        answer="One window is nine products and their sum. The whole map is a product with a sparse matrix.",
        command="conv matrix 3x3 k=2",
    ),
    Question(
        asked="Does a blur work by making values lower?",
        answer="Its nine weights add up to 1: it averages neighbours, and the mean brightness stays.",
        command="kernel blur at=5,7",
    ),
    Question(
        asked="Is the kernel turned over?",
        answer="Not in deep learning. A true convolution turns it by 180°; topedge then gives −762.",
        command="kernel topedge flip at=5,7",
    ),
    Question(
        asked="Why is the book's top edge setosa's bottom sobel?",
        answer="The book paints high values dark, setosa bright: the same signs, the opposite name.",
        command="kernel topedge vs sobel:bottom",
    ),
    Question(
        asked="How much of the picture does one output see?",
        answer="After two 3×3 layers of stride 2: 7×7.",
        command="conv rf 3s2p1 3s2p1",
    ),
    Question(
        asked="Which chapter was the 3 from?",
        answer="MNIST basics is chapter 4; convolutions are chapter 13. Ours is our own drawing.",
        command="pixels 3",
    ),
)


def questions(ctx: Context) -> Reply:
    """All of them."""
    return Reply(
        text=f"{len(QUESTIONS)} questions that came up, and what answers each. "
        f"{code(ctx.prefix + 'help conv')} says what else can be asked.",
        table=Table(
            columns=("question", "in short", "to see it"),
            rows=tuple((each.asked, each.answer, ctx.prefix + each.command) for each in QUESTIONS),
        ),
        choices=tuple(Choice(label=each.asked[:80], command=ctx.prefix + each.command) for each in QUESTIONS),
    )
