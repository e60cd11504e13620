"""Names on a map: beside their points, over nothing else, and as many as find room."""

import itertools

import numpy as np
import pytest

from engine.plots import labels, pieces
from engine.plots.labels import Box

AREA: Box = (36, 122, 964, 645)
SIZE = 17


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes share a pixel."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def points(count: int, seed: int) -> list[tuple[float, float]]:
    """Points all over the area, closer together in its middle."""
    chance = np.random.default_rng(seed)
    places = chance.normal((500, 380), (180, 90), (count, 2)).clip((50, 140), (950, 630))
    return [(float(x), float(y)) for x, y in places]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("count", [1, 12, 50])
def test_no_name_covers_another_or_a_point(count: int, seed: int) -> None:
    """Names lie inside the area, apart from each other, from all points, and from what is kept clear."""
    spots = points(count, seed)
    disc: Box = (480, 360, 520, 400)
    found = labels.placed(
        spots, [f"Film number {n}" for n in range(count)], AREA, size=SIZE, radius=6, keep_clear=[disc]
    )
    boxes = [label.box for label in found if label]
    assert all(
        AREA[0] <= box[0] and AREA[1] <= box[1] and box[2] <= AREA[2] and box[3] <= AREA[3] for box in boxes
    )
    assert not any(overlap(*pair) for pair in itertools.combinations(boxes, 2))
    assert not any(overlap(box, disc) for box in boxes)
    dots = [(x - 6, y - 6, x + 6, y + 6) for x, y in spots]
    for at, label in enumerate(found):
        if label is not None:
            assert not any(overlap(label.box, dot) for other, dot in enumerate(dots) if other != at)
            assert label.box[2] - label.box[0] >= pieces.measured(label.text, SIZE) - 1


@pytest.mark.parametrize("seed", range(4))
def test_most_names_find_room(seed: int) -> None:
    """Of fifty names at least three in four do; a lone one stands right of its point, without a line."""
    found = labels.placed(points(50, seed), ["Terminator"] * 50, AREA, size=SIZE, radius=6)
    assert sum(label is not None for label in found) >= 38
    (alone,) = labels.placed([(500, 300)], ["Terminator"], AREA, size=SIZE, radius=6)
    assert alone is not None
    assert alone.box[0] > 500
    assert alone.line is None


def test_a_line_leads_from_the_point_to_its_name_over_no_other() -> None:
    """Where a name has to move away, a line joins both, and crosses no name."""
    spots = points(50, 3)
    found = [label for label in labels.placed(spots, ["Terminator"] * 50, AREA, size=SIZE, radius=6) if label]
    away = [label for label in found if label.line]
    assert away
    for label in away:
        assert label.line is not None
        start, end = label.line
        assert start in spots
        others = [other.box for other in found if other is not label]
        for share in np.linspace(0.1, 1, 30):
            x, y = (a + (b - a) * share for a, b in zip(start, end, strict=True))
            assert not any(box[0] + 3 < x < box[2] - 3 and box[1] + 3 < y < box[3] - 3 for box in others)


def test_a_point_without_a_name_or_without_room_has_none() -> None:
    """No text, no label; and a text wider than the area is left out."""
    found = labels.placed([(500, 300), (600, 300)], ["", "W" * 200], AREA, size=SIZE, radius=6)
    assert found == [None, None]
