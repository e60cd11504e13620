"""The mathematics and the pictures, behind one door. Synchronous and silent: no chat, no clock, no database.

Names are fetched from their modules when first used, so `import engine` costs nothing: who asks for a film
does not load the kernels, and nobody who only asks loads torch or matplotlib.

A `Recommender` holds two models. The one that recommends (`recommend`, `predict`, `taste`, `questions`, `sliders`)
says how sure it is and why; the lecture's (`lecture`, `lecture_recommend`, `lecture_predict`, `film`, `similar` by
cosine or distance) has the book's numbers. Who trains imports `engine.training` (the file that ships) or
`engine.experiments` (each of the lecture's models, epoch by epoch).
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.arithmetic import Arithmetic
    from engine.convolution import convolve
    from engine.demo import Demo
    from engine.errors import FileError, InputError
    from engine.insight import Insight
    from engine.ratings import glance
    from engine.recommender import Film, Metric, Neighbour, Prediction, Reason, Recommender, Taste, load
    from engine.titles import Found

__all__ = [
    "Arithmetic",
    "Demo",
    "FileError",
    "Film",
    "Found",
    "InputError",
    "Insight",
    "Metric",
    "Neighbour",
    "Prediction",
    "Reason",
    "Recommender",
    "Taste",
    "convolve",
    "glance",
    "load",
]

# Where each name lives; the checker reads the same from the imports above.
_HOMES = {
    "Arithmetic": "engine.arithmetic",
    "Demo": "engine.demo",
    "FileError": "engine.errors",
    "InputError": "engine.errors",
    "Insight": "engine.insight",
    "Film": "engine.recommender",
    "Found": "engine.titles",
    "Metric": "engine.recommender",
    "Neighbour": "engine.recommender",
    "Prediction": "engine.recommender",
    "Reason": "engine.recommender",
    "Recommender": "engine.recommender",
    "Taste": "engine.recommender",
    "convolve": "engine.convolution",
    "glance": "engine.ratings",
    "load": "engine.recommender",
}


def __getattr__(name: str) -> Any:
    """The public name, imported now."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
