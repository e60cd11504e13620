"""What recommends, as the model file holds it: beliefs about films, who rated what, weights between films.

Numbers are kept small: single precision for what predictions are made of, half for how sure they are.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.artifact import Artifact
from engine.ease import Weights
from engine.posterior import Beliefs

Floats = NDArray[np.float64]


def tables(beliefs: Beliefs, tastes: Floats, weights: Weights) -> dict[str, NDArray[Any]]:
    """The model file's tables."""
    upper = np.triu_indices(beliefs.means.shape[1])
    return {
        "film_means": beliefs.means.astype(np.float32),
        "film_covariances": beliefs.covariances[:, upper[0], upper[1]].astype(np.float16),
        "newcomer": beliefs.newcomer.astype(np.float32),
        "newcomer_spread": beliefs.spread.astype(np.float32),
        "tastes": tastes.astype(np.float16),
        "weight_starts": weights.starts.astype(np.int32),
        "weight_columns": weights.columns,
        "weight_values": weights.values,
    }


def beliefs(model: Artifact) -> Beliefs:
    """The films and people as they come, from the model file."""
    means = model.film_means.astype(np.float64)
    upper = np.triu_indices(means.shape[1])
    covariances = np.empty((*means.shape, means.shape[1]))
    covariances[:, upper[0], upper[1]] = covariances[:, upper[1], upper[0]] = model.film_covariances
    return Beliefs(
        centre=model.card.chooser.centre,
        noise=model.card.chooser.noise,
        means=means,
        covariances=covariances,
        newcomer=model.newcomer.astype(np.float64),
        spread=model.newcomer_spread.astype(np.float64),
    )


def weights(model: Artifact) -> Weights:
    """The weights between films."""
    return Weights(
        centre=model.card.chooser.centre,
        starts=model.weight_starts.astype(np.int64),
        columns=model.weight_columns,
        values=model.weight_values,
    )


def unit(rows: NDArray[Any]) -> NDArray[np.float32]:
    """Rows of length 1, so that their products are cosines; a row of zeros stays."""
    wide = rows.astype(np.float32)
    return wide / np.maximum(np.linalg.norm(wide, axis=1, keepdims=True), np.finfo(np.float32).tiny)
