"""People's ratings as the ranking core reads them: one history, and those of the training data with demographics."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from recommendations.ranking.demographics import GENDERS, OCCUPATIONS, Demographics
from recommendations.stars import LEAST_STARS, MOST_STARS

# In training data the person with account n has this number plus n: beyond every number of MovieLens' data sets.
FIRST_SITE_USER = 500_000_000


@dataclass(frozen=True)
class History:
    """Ratings ordered oldest first: ``items`` (n,) are positions in the model's films, ``stars`` (n,) are 1..5."""

    items: NDArray[np.int32]
    stars: NDArray[np.int8]

    def __post_init__(self) -> None:
        if self.items.shape != self.stars.shape or self.items.ndim != 1:
            raise ValueError(
                f"items {self.items.shape} and stars {self.stars.shape} must be equally long lists"
            )
        if self.stars.size and (self.stars.min() < LEAST_STARS or self.stars.max() > MOST_STARS):
            raise ValueError(f"stars must lie between {LEAST_STARS} and {MOST_STARS}")

    def __len__(self) -> int:
        return int(self.items.size)

    @property
    def ages(self) -> NDArray[np.float64]:
        """How many ratings came after each one (n,); the newest has age 0."""
        return np.arange(len(self) - 1, -1, -1, dtype=np.float64)


EMPTY_HISTORY = History(np.zeros(0, np.int32), np.zeros(0, np.int8))


@dataclass(frozen=True)
class KnownPeople:
    """``m`` people and their ratings in one compressed-row layout.

    ``user_ids`` (m,) ascending MovieLens numbers; ``demographics`` (m, 3) age and the positions of gender and
    occupation; the ratings of person i, oldest first, are ``items`` and ``stars`` between ``starts[i]`` and
    ``starts[i + 1]``.
    """

    user_ids: NDArray[np.int32]
    demographics: NDArray[np.int16]
    starts: NDArray[np.int64]
    items: NDArray[np.int32]
    stars: NDArray[np.int8]

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return the arrays by name, for saving."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @cached_property
    def _rows(self) -> dict[int, int]:
        return {int(user_id): row for row, user_id in enumerate(self.user_ids)}

    def __contains__(self, user_id: int) -> bool:
        return user_id in self._rows

    def person(self, user_id: int) -> tuple[Demographics, History]:
        """Return demographics and history of a person.

        Raises
        ------
        KeyError
            If nobody has this number.
        """
        row = self._rows[user_id]
        age, gender, occupation = (int(value) for value in self.demographics[row])
        span = slice(int(self.starts[row]), int(self.starts[row + 1]))
        return (
            Demographics(age, GENDERS[gender], OCCUPATIONS[occupation]),
            History(self.items[span], self.stars[span]),
        )

    def of_movielens(self) -> KnownPeople:
        """The people of the data alone, without those of the site that the model learnt from as well."""
        kept = self.user_ids < FIRST_SITE_USER
        lengths = np.diff(self.starts)
        ratings = np.repeat(kept, lengths)
        return KnownPeople(
            user_ids=self.user_ids[kept],
            demographics=self.demographics[kept],
            starts=np.concatenate([[0], np.cumsum(lengths[kept])]).astype(np.int64),
            items=self.items[ratings],
            stars=self.stars[ratings],
        )
