"""Every number that shapes a model; a trained version records them in its manifest.

What the blocks share stands here, the rest in the file of each block with its meaning and source.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Self, TypeVar

from recommendations.ranking.blocks import BLOCKS
from recommendations.ranking.blocks.base import Block, Recency
from recommendations.ranking.blocks.demographic import DemographicParameters
from recommendations.ranking.blocks.sequence import SequenceParameters
from recommendations.ranking.dataset import DataSet

P = TypeVar("P")


@dataclass(frozen=True)
class Parameters:
    """What one weighting means, from training to scoring. Stars index the tuples as ``[stars - 1]``.

    ``likes`` aims at films the person will like next; ``any`` at films the person has seen, liked or not.
    """

    weighting: str
    star_weights: tuple[float, ...]  # how much a rating counts where ratings are summed up
    blocks: tuple[Any, ...]  # the parameters of each block that the version has
    # How much it counts where a person is folded in; a dislike then lowers its neighbours. Empty: as in the sums.
    fold_in_weights: tuple[float, ...] = ()
    like_threshold: int = 4
    # Newcomers: so much the like share and the demographics weigh before there are ratings.
    prior_weight: float = 1.1
    # Hand-over: recency and sequence set in between these numbers of ratings, the prior fades between those.
    behaviour_ramp: tuple[int, int] = (5, 15)
    prior_ramp: tuple[int, int] = (10, 20)

    @property
    def weights_to_fold_in(self) -> tuple[float, ...]:
        """What 1 to 5 stars weigh where a person is folded in."""
        return self.fold_in_weights or self.star_weights

    def of(self, kind: type[P]) -> P:
        """The parameters of a block, by their class."""
        return next(own for own in self.blocks if isinstance(own, kind))

    def has(self, block: type[Block]) -> bool:
        """False for a version without this block."""
        return any(isinstance(own, block.parameters) for own in self.blocks)

    def adjusted(self, **changes: Any) -> Self:
        """The same with other numbers: ``adjusted(like_threshold=5, ease={"rank": 8})``."""
        of_blocks = {block.parameters: changes.pop(block.name, {}) for block in BLOCKS}
        blocks = tuple(replace(own, **of_blocks[type(own)]) for own in self.blocks)
        return replace(self, blocks=blocks, **changes)

    def fitting(self, data: DataSet) -> Self:
        """The same for data that lack something: without times nothing is recent and nothing comes next, without people
        there are no demographics."""
        blocks = [own for own in self.blocks if data.has_people or not isinstance(own, DemographicParameters)]
        if not data.has_times:
            blocks = [own for own in blocks if not isinstance(own, SequenceParameters)]
            blocks = [replace(own, recency=None) if hasattr(own, "recency") else own for own in blocks]
        return replace(self, blocks=tuple(blocks))

    def as_dict(self) -> dict[str, Any]:
        """Return plain JSON-able values, for the manifest; those of a block under its name."""
        names = {block.parameters: block.name for block in BLOCKS}
        shared = {name: value for name, value in asdict(replace(self, blocks=())).items() if name != "blocks"}
        return shared | {names[type(own)]: asdict(own) for own in self.blocks}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """Rebuild what :meth:`as_dict` wrote; a block that is not named there is none of this version's.

        Raises
        ------
        TypeError
            If a name is not a parameter of this program version.
        """
        shared = _read(values)
        blocks = [
            block.parameters(**_read(shared.pop(block.name))) for block in BLOCKS if block.name in shared
        ]
        return cls(blocks=tuple(blocks), **shared)


def _read(values: dict[str, Any]) -> dict[str, Any]:
    def read(value: Any) -> Any:
        if isinstance(value, list):
            return tuple(value)
        return Recency(**value) if isinstance(value, dict) and value.keys() == {"floor", "span"} else value

    return {name: read(value) for name, value in values.items()}


_STAR_WEIGHTS = {"likes": (0.1, 0.55, 1.0, 1.45, 1.9), "any": (0.4, 0.6, 0.9, 1.2, 1.4)}
_FOLD_IN_WEIGHTS = {"likes": (-0.6, -0.4, 1.0, 1.45, 1.9), "any": ()}
BY_WEIGHTING = {
    weighting: Parameters(
        weighting,
        stars,
        tuple(block.by_weighting[weighting] for block in BLOCKS),
        fold_in_weights=_FOLD_IN_WEIGHTS[weighting],
    )
    for weighting, stars in _STAR_WEIGHTS.items()
}
LIKES, ANY = BY_WEIGHTING["likes"], BY_WEIGHTING["any"]
