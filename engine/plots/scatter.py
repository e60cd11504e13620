"""Points on two axes, with as many names as find room: a map of films, or of users in clusters."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.patches import Rectangle

from engine.plots import labels, pieces, style
from engine.plots.charts import Chart
from engine.plots.pieces import INSIDE, LEFT, RIGHT

TOP, BOTTOM = 122, 645  # of the field; with a line below, the picture is as tall as a forum shows it whole
MANY = 30  # more names than these are set smaller and cut shorter: fifty have to stand on one map
TYPES, LONGEST = (20, 17), (240, 150)  # of few names and of many: type sizes, pixels of a name
EDGE = 26  # between the outermost points and the frame
DISC = 20  # the radius of a cluster's letter
CROWD = 120  # so many points are drawn small and pale, and names stand on top of them

Spot = tuple[float, float]


def scatter(
    *,
    title: str,
    x_label: str,
    y_label: str,
    points: Sequence[Mapping[str, Any]],
    clusters: Sequence[Mapping[str, Any]] = (),
) -> bytes:
    """Points with names. Each is `{"x": …, "y": …}`, and may have a `label`, a `group` (its colour) and a `mark`.

    Names of marked points come first and are bold, then those of the earlier points; a name that finds no room
    beside its point is left out. `clusters` are `{"name": "A", "x": …, "y": …, "note": …}`: a letter in their
    middle, and a line below the field.

    Alt text: "Map of the 50 most rated films on components 1 and 3: Terminator and Terminator 2 lie close
    together, The English Patient far from both."
    """
    chart = Chart(BOTTOM + 44 + style.LINE * len(clusters) + style.MARGIN)
    size = max(style.BODY, pieces.fitting([title], INSIDE, style.TITLE, bold=True))
    chart.text(LEFT, style.FIRST, title, size, bold=True, width=INSIDE)
    chart.text(LEFT, 108, f"↑ {y_label}", style.SMALL, colour=style.QUIET, width=INSIDE)
    chart.text(RIGHT, BOTTOM + 36, f"{x_label} →", style.SMALL, colour=style.QUIET, anchor="right", width=INSIDE)

    ordered = sorted(points, key=lambda point: not point.get("mark", False))
    across = _scale([point["x"] for point in points], LEFT + EDGE, RIGHT - EDGE)
    up = _scale([point["y"] for point in points], BOTTOM - EDGE, TOP + EDGE)
    spots = [_spot(point, across, up) for point in ordered]
    frame = Rectangle((LEFT, TOP), INSIDE, BOTTOM - TOP, facecolor="#FFFFFF", edgecolor=style.RULE, linewidth=1.5)
    chart.axes.add_patch(frame)
    zero = _spot({"x": 0.0, "y": 0.0}, across, up)
    if LEFT < zero[0] < RIGHT:
        chart.axes.vlines([zero[0]], [TOP], [BOTTOM], colors=style.RULE, linewidth=1.5, antialiased=False)
    if TOP < zero[1] < BOTTOM:
        chart.axes.hlines([zero[1]], [LEFT], [RIGHT], colors=style.RULE, linewidth=1.5, antialiased=False)
    _dots(chart, ordered, spots)
    middles = [_spot(cluster, across, up) for cluster in clusters]
    for number, (cluster, middle) in enumerate(zip(clusters, middles, strict=True)):
        _cluster(chart, number, cluster, middle)
    _names(chart, ordered, spots, [(x - DISC, y - DISC, x + DISC, y + DISC) for x, y in middles])
    return chart.png()


def _dots(chart: Chart, points: Sequence[Mapping[str, Any]], spots: Sequence[Spot]) -> None:
    crowd = len(points) > CROWD
    plain = [at for at, point in enumerate(points) if not point.get("mark", False)]
    chart.axes.scatter(
        [spots[at][0] for at in plain],
        [spots[at][1] for at in plain],
        s=36 if crowd else 100,
        c=[style.SERIES[int(points[at].get("group", 0)) % len(style.SERIES)] for at in plain],
        alpha=0.6 if crowd else 1,
        linewidths=0,
    )
    for point, (x, y) in zip(points, spots, strict=True):
        if point.get("mark", False):
            chart.axes.plot([x], [y], "D", color=style.TEXT, markersize=12, markeredgecolor="#FFFFFF", zorder=4)


def _cluster(chart: Chart, number: int, cluster: Mapping[str, Any], spot: Spot) -> None:
    """The cluster's letter on a disc in its middle, and its line below the field."""
    colour = style.SERIES[number % len(style.SERIES)]
    chart.axes.plot(
        [spot[0]],
        [spot[1]],
        "o",
        color=colour,
        markersize=2 * DISC,
        markeredgecolor="#FFFFFF",
        markeredgewidth=3,
        zorder=2.8,
    )
    chart.text(spot[0], spot[1] + 10, str(cluster["name"]), bold=True, colour="#FFFFFF", anchor="center")
    y = BOTTOM + 36 + style.LINE * (number + 1)
    chart.text(LEFT, y, str(cluster["name"]), bold=True, colour=colour)
    chart.text(LEFT + 40, y, str(cluster["note"]), style.SMALL, width=INSIDE - 40)


def _names(
    chart: Chart, points: Sequence[Mapping[str, Any]], spots: Sequence[Spot], discs: Sequence[labels.Box]
) -> None:
    """The names that find room; in a crowd on a strip of their own, as there is always somebody below."""
    crowd = len(points) > CROWD
    named = [at for at, point in enumerate(points) if not crowd or point.get("label", "")]
    marks = [bool(points[at].get("mark", False)) for at in named]
    many = sum(bool(points[at].get("label", "")) for at in named) > MANY
    size = TYPES[many]
    texts = [
        pieces.shortened(str(points[at].get("label", "")), LONGEST[many], size, mark)
        for at, mark in zip(named, marks, strict=True)
    ]
    field = (LEFT + 4, TOP + 4, RIGHT - 4, BOTTOM - 4)
    places = labels.placed(
        [spots[at] for at in named], texts, field, size=size, radius=6, bold=marks, keep_clear=discs
    )
    for label, mark in zip(places, marks, strict=True):
        if label is None:
            continue
        left, top, right, bottom = label.box
        if label.line:
            (x, y), (end_x, end_y) = label.line
            chart.axes.plot([x, end_x], [y, end_y], color=style.QUIET, linewidth=1, zorder=1)
        if crowd:
            strip = Rectangle((left - 3, top), right - left + 6, bottom - top, facecolor="#FFFFFF", zorder=2.6)
            chart.axes.add_patch(strip)
        chart.text(left, bottom - size * 0.28, label.text, size, bold=mark)


def _scale(values: Sequence[float], start: float, end: float) -> tuple[float, float]:
    """`(slope, offset)` that spreads the values from `start` to `end`; all the same, they stand in the middle."""
    low, high = min(values), max(values)
    if low == high:
        return 0.0, (start + end) / 2
    slope = (end - start) / (high - low)
    return slope, start - low * slope


def _spot(point: Mapping[str, Any], across: tuple[float, float], up: tuple[float, float]) -> Spot:
    """Where the point lies on the picture."""
    return point["x"] * across[0] + across[1], point["y"] * up[0] + up[1]
