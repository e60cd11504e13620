"""From likes, clicks and plays to stars: what nobody rated, put on the scale of ratings.

Counts have a long tail: 109, 5 and 50 likes through a plain sigmoid are 5.000, 4.973 and 5.000 stars, all alike.
So take logarithms, say how many standard deviations each is from the mean, and stretch a sigmoid over 1 to 5:

    stars = 1 + 4 σ((log(1 + n) − mean) / deviation)
"""

import numpy as np
from numpy.typing import NDArray

LEAST, MOST = 1.0, 5.0


def stars(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Stars for counts, (n,) → (n,): in the same order, 3 where all counts are equal."""
    logs = np.log1p(counts)
    away = logs - logs.mean()
    deviation = float(away.std())
    scaled = away / deviation if deviation > 1e-12 else np.zeros_like(away)
    return LEAST + (MOST - LEAST) / (1 + np.exp(-scaled))
