"""How every picture looks: one width, one face, one set of sizes and plain colours (the scales are in `scales`).

A picture is shown about 690 pixels wide in a forum and 360 on a phone, on a light page or a dark one. So it is
drawn 1000 wide with large type, and brings its own card to stand on.
"""

import importlib.util
from pathlib import Path

VERSION = 2  # raise it when a drawing changes: pictures are kept under their data and this number

WIDTH = 1000
MARGIN = 36
TITLE, BODY, SMALL = 36, 27, 24  # type sizes in pixels
FIRST = 62  # the title's baseline
LINE = 37  # from one line of body type to the next
TALLEST = 725  # a forum shows pictures in a frame of 690×500; taller ones are made smaller still

CARD = "#F6F6F6"  # neutral grey, so that a picture in ink alone needs no colour
TEXT = "#1F1F1F"
QUIET = "#636363"  # contrast 5.5 on the card
RULE = "#C4C4C4"
MARK = "#008573"  # what is pointed at; neither ink nor one of the two signs
BELOW, ABOVE = "#4A9CF1", "#E07937"  # a bar below zero, a bar above
# What is not more or less but one or another: told apart by colour-blind eyes too (after Okabe and Ito), and dark
# enough for type on the card. A letter or name always stands beside the colour.
SERIES = ("#0072B2", "#C04E00", "#007A59", "#A3487E", "#5B5B5B", "#8A6D00", "#3E8FC4", "#6A4FA3")


def face(bold: bool = False) -> Path:
    """The font file: DejaVu Sans, which comes with matplotlib. That is found, not imported: it takes a second."""
    spec = importlib.util.find_spec("matplotlib")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the pictures need matplotlib's fonts: install matplotlib")
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf" / name
