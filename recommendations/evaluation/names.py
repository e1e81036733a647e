"""What the parts of an evaluation are called. The site speaks of them, and so they load nothing: no pandas, no engine."""

from __future__ import annotations

from recommendations.errors import MovierecError

PROTOCOLS = (
    *("warm", "temporal", "cold", "onboarding", "taste", "stars", "groups"),
    *("new-films", "global-time", "strong"),
)
# Left out of an evaluation of data without times.
NEED_TIMES = ("global-time",)
ENGINES = ("numpy", "elasticsearch")
METRICS = ("ndcg", "recall", "map", "mrr", "coverage", "novelty", "diversity")
# Among the figures of a candidate: how well groups of people are served.
SERVED = "served"
# Systems that are compared.
MODEL, POPULARITY, LIKE_SHARE, BIASES = "model", "popularity", "like share", "biases"
CHANCE, AFFINITY = "random", "genre affinity"
ITEM_KNN, TUNED_EASE, TUNED_ALS = "item-kNN", "EASE, tuned", "implicit ALS, tuned"


class LeakError(MovierecError):
    """Something that a model is asked about was in its training part; no figure of that run counts."""
