"""Every number that shapes a model, in one place; a trained version records them in its manifest."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Recency:
    """A rating's fold-in weight is multiplied by ``floor + exp(-age / span)``.

    ``age`` counts the person's own ratings since. ``Recency(1, inf)`` would be "no recency up to a factor";
    ``None`` is used for that instead.
    """

    floor: float
    span: float


@dataclass(frozen=True)
class Parameters:
    """What one weighting means, from training to scoring. Stars index the tuples as ``[stars - 1]``.

    ``likes`` aims at films the person will like next; ``any`` at films the person has seen, liked or not.
    """

    weighting: str
    # EASE (Steck 2019) on the star-weighted, column-centred interaction matrix.
    star_weights: tuple[float, ...]
    ease_ridge: float = 500.0
    ease_rank: int = 64
    ease_recency: Recency | None = None
    intercept_weight: float = 0.0
    # Implicit ALS (Hu, Koren, Volinsky 2008) as Spark MLlib fits it; values at or below zero are dislikes.
    als_values: tuple[float, ...] = ()
    als_rank: int = 64
    als_alpha: float = 1.0
    als_ridge: float = 0.15
    als_iterations: int = 15
    als_recency: Recency | None = None
    als_weight: float = 1.0
    # Sequence block: ridge regression from the recency-weighted past to the next ratings.
    sequence_weight: float = 0.0
    sequence_ridge: float = 1000.0
    sequence_rank: int = 64
    sequence_recency: Recency | None = None
    sequence_cuts: int = 12
    sequence_horizon: int = 20
    sequence_start: float = 0.3
    # Newcomers: like share plus what demographics can tell, then the first ratings around that prior.
    like_threshold: int = 4
    demographic_rank: int = 4
    demographic_ridge: float = 10.0
    forest_trees: int = 150
    forest_max_features: float = 0.5
    forest_leaf_sizes: tuple[int, ...] = (5, 10, 20)
    prior_weight: float = 1.1
    early_rank: int = 15
    early_noise: float = 0.015
    early_stars: tuple[float, ...] = (0.35, 0.45, 0.6, 0.8, 0.9)
    # Hand-over: recency and sequence set in between these numbers of ratings, the prior fades between those.
    behaviour_ramp: tuple[int, int] = (5, 15)
    prior_ramp: tuple[int, int] = (10, 20)

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON-able values, for the manifest."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Parameters:
        """Rebuild what :meth:`as_dict` wrote.

        Raises
        ------
        TypeError
            If a name is not a parameter of this program version.
        """
        read: dict[str, Any] = {
            name: Recency(**value)
            if isinstance(value, dict)
            else tuple(value)
            if isinstance(value, list | tuple)
            else value
            for name, value in values.items()
        }
        return cls(**read)


LIKES = Parameters(
    weighting="likes",
    star_weights=(0.1, 0.55, 1.0, 1.45, 1.9),
    ease_recency=Recency(0.2, 10.0),
    als_values=(-1.5, -0.5, 0.5, 1.5, 2.5),
    als_alpha=2.0,
    als_ridge=0.3,
    als_iterations=10,
    als_recency=Recency(0.3, 5.0),
    sequence_weight=0.75,
    sequence_recency=Recency(0.3, 10.0),
)
ANY = Parameters(
    weighting="any",
    star_weights=(0.4, 0.6, 0.9, 1.2, 1.4),
    intercept_weight=1.0,
    als_values=(0.4, 0.6, 0.9, 1.2, 1.4),
    als_weight=1.25,
)
BY_WEIGHTING = {"likes": LIKES, "any": ANY}
