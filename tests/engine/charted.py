"""Data for the pictures of the model's inside and of sums: as the bot makes it, and as it never should be."""

from typing import Any

import numpy as np

LONG = "Very Long Engagement That Never Ends, Or: How I Learned to Stop Worrying and Love the $Bomb$ (1964)"
Picture = tuple[str, dict[str, Any]]


def of_points(
    count: int, *, marks: int = 0, label: str = "Film {}", groups: int = 1, spread: float = 1
) -> Picture:
    """A map of points around the origin; the first `marks` are pointed at."""
    places = np.random.default_rng(7).normal(0, spread, (count, 2)).round(3).tolist()
    points = [
        {"x": x, "y": y, "label": label.format(number), "mark": number < marks, "group": number % groups}
        for number, (x, y) in enumerate(places)
    ]
    return "scatter", {"title": LONG, "x_label": LONG, "y_label": "component 3: 6.6 %", "points": points}


def of_graphs(*names: str, low: float = 1, high: float = 5) -> Picture:
    """Curves that end close to each other, with dots on them."""
    along = np.linspace(0, 115, 60)
    lines = [
        {
            "name": name,
            "points": [[float(x), float(low + (high - low) * x / (115 + 5 * number))] for x in along],
            "dots": [[50.0, low], [109.0, high]],
        }
        for number, name in enumerate(names)
    ]
    return "graphs", {
        "title": LONG,
        "x_label": LONG,
        "y_label": LONG,
        "lines": lines,
        "low": low,
        "high": high,
        "ticks": [5, 6, 50, 109, 0],
    }


def of_pairs(*values: tuple[float, float], label: str = "factor 12", name: str = "sigmoid") -> Picture:
    """Two bars for every label."""
    first, second = zip(*values, strict=True)
    labels = [label] * len(values)
    return "paired_bars", {
        "title": LONG,
        "labels": labels,
        "first": first,
        "second": second,
        "names": (name, LONG),
    }


GROUPED = of_points(943, marks=2, label="", groups=4)[1]
WORDS = [
    *({"x": 1, "y": 8, "label": "king"}, {"x": 1, "y": 0, "label": "man"}, {"x": 9, "y": 0, "label": "woman"}),
    *({"x": 9, "y": 8, "label": "queen"}, {"x": 9, "y": 8, "label": "the sum", "mark": True}),
]
CHARTS: dict[str, Picture] = {
    "scatter-map": of_points(50, marks=3),
    "scatter-long": of_points(60, label=LONG),
    "scatter-one": of_points(1),
    "scatter-same": of_points(12, spread=0),
    "scatter-clusters": (
        "scatter",
        GROUPED
        | {
            "clusters": [
                {"name": letter, "x": x, "y": 0.5, "note": f"237 users: {LONG}"}
                for letter, x in zip("ABCD", (-1, -0.5, 0.5, 1), strict=True)
            ]
        },
    ),
    "graphs-likes": of_graphs("sigmoid", "zscore", "log", "rank"),
    "graphs-unnamed": of_graphs("", low=0, high=1),
    "graphs-long": of_graphs(LONG, low=-250, high=250),
    "pairs-both": of_pairs((0.5, -0.3), (-0.4, -0.44), (0, 0)),
    "pairs-above": of_pairs((0.881, 0.659), (0.731, 0.242), (0.525, 0.099), label="2", name=LONG),
    "pairs-zero": of_pairs((0, 0), label=LONG),
    "arrows-words": (
        "arrows",
        {
            "title": "king − man + woman",
            "x_label": "gender",
            "y_label": "royalty",
            "points": WORDS,
            "arrows": [[[1, 0], [9, 0]], [[1, 8], [9, 8]]],
        },
    ),
    "arrows-none": (
        "arrows",
        {"title": LONG, "x_label": LONG, "y_label": LONG, "points": WORDS[:1], "arrows": []},
    ),
}
