"""``genre_predictor.skops``: the forest as scikit-learn knows it, for whoever wants to go on working with it.

Only here and in training is scikit-learn needed; the site reads the arrays beside it (:mod:`recommendations.ranking.forest`).
"""

from __future__ import annotations

import skops.io
from sklearn.ensemble import RandomForestRegressor

from recommendations.ranking.storage import ArtefactError

# The only type of the forest that skops does not trust by itself: scikit-learn's compiled tree.
TRUSTED_TYPES = ["sklearn.tree._tree.Tree"]


def dump_predictor(forest: RandomForestRegressor) -> bytes:
    """The forest as skops.

    Raises
    ------
    ArtefactError
        If it could not be read again, say, because another release of scikit-learn has put foreign types into it.
    """
    content = skops.io.dumps(forest, compression=8)  # 8 is zipfile.ZIP_DEFLATED
    load_predictor(content)
    return content


def load_predictor(content: bytes) -> RandomForestRegressor:
    """Read what :func:`dump_predictor` made; of a stranger's file nothing is built.

    Raises
    ------
    ArtefactError
        If it holds types that are not trusted, or something else than a forest.
    """
    unknown = set(skops.io.get_untrusted_types(data=content)) - set(TRUSTED_TYPES)
    if unknown:
        raise ArtefactError(f"genre_predictor holds types that are not trusted: {', '.join(sorted(unknown))}")
    forest = skops.io.loads(content, trusted=TRUSTED_TYPES)
    if not isinstance(forest, RandomForestRegressor):
        raise ArtefactError(f"genre_predictor is a {type(forest).__name__}, expected a RandomForestRegressor")
    return forest
