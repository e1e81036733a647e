"""Similar films: what a rating of one film adds to the others (the item side of EASE)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from recommendations.ranking.artefact import Artefact


def similar_films(artefact: Artefact, film: int, k: int) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Return positions and weights of the ``k`` films that a rating of ``film`` raises most.

    The weight is the EASE item weight B[film, other]; only films with a positive weight come back.
    """
    weights = artefact.ease_items @ artefact.ease_fold[film]
    weights[film] = -np.inf
    order = np.argsort(-weights, kind="stable")[:k]
    order = order[weights[order] > 0]
    return order, weights[order]
