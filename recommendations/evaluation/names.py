"""What the parts of an evaluation are called. The site speaks of them, and so they load nothing: no pandas, no engine."""

from __future__ import annotations

from recommendations.errors import MovierecError

PROTOCOLS = ("warm", "temporal", "cold", "onboarding", "taste", "stars", "groups", "new-films")
ENGINES = ("numpy", "elasticsearch")
METRICS = ("ndcg", "recall", "map", "mrr", "coverage", "novelty", "diversity")
# Systems that are compared.
MODEL, POPULARITY, LIKE_SHARE, BIASES = "model", "popularity", "like share", "biases"
CHANCE, AFFINITY = "random", "genre affinity"


class LeakError(MovierecError):
    """Something that a model is asked about was in its training part; no figure of that run counts."""
