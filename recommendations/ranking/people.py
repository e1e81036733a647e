"""People's ratings as the ranking core reads them: one history, and those of the training data with demographics."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from recommendations.ranking.demographics import GENDERS, OCCUPATIONS, Demographics
from recommendations.stars import FEWEST_STARS, MOST_STARS

# In training data the person with account n has this number plus n: beyond every number of MovieLens' data sets.
FIRST_SITE_USER = 500_000_000


@dataclass(frozen=True)
class History:
    """Ratings ordered oldest first: ``items`` (n,) are positions in the model's films, ``stars`` (n,) are 0.5..5.

    Whole stars may be whole numbers, as versions from before half stars have them.
    """

    items: NDArray[np.int32]
    stars: NDArray[np.int8] | NDArray[np.float32]

    def __post_init__(self) -> None:
        if self.items.shape != self.stars.shape or self.items.ndim != 1:
            raise ValueError(
                f"items {self.items.shape} and stars {self.stars.shape} must be equally long lists"
            )
        if self.stars.size and (self.stars.min() < FEWEST_STARS or self.stars.max() > MOST_STARS):
            raise ValueError(f"stars must lie between {FEWEST_STARS} and {MOST_STARS}")

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

    ``user_ids`` (m,) ascending numbers; ``demographics`` (m, 3) age and the positions of gender and occupation in
    ``genders`` and ``occupations``, -1 for what is not known; the ratings of person i, oldest first, are ``items`` and
    ``stars`` between ``starts[i]`` and ``starts[i + 1]``. ``keys`` (m,) are the source's own names of the people; empty
    if they are the numbers.
    """

    user_ids: NDArray[np.int32]
    demographics: NDArray[np.int16]
    starts: NDArray[np.int64]
    items: NDArray[np.int32]
    stars: NDArray[np.int8] | NDArray[np.float32]
    genders: NDArray[np.str_] = field(default_factory=lambda: np.array(GENDERS))
    occupations: NDArray[np.str_] = field(default_factory=lambda: np.array(OCCUPATIONS))
    keys: NDArray[np.str_] = field(default_factory=lambda: np.zeros(0, np.str_))

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return the arrays by name, for saving."""
        return {own.name: getattr(self, own.name) for own in fields(self)}

    @cached_property
    def _rows(self) -> dict[int, int]:
        return {int(user_id): row for row, user_id in enumerate(self.user_ids)}

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return dict(zip(self.keys.tolist(), self.user_ids.tolist(), strict=True)) if self.keys.size else {}

    def number_of(self, key: str) -> int | None:
        """The number of the person whom the source calls ``key``; ``None`` if there is nobody."""
        if self.keys.size:
            return self._numbers.get(key)
        # Of more digits than any number has, and of other alphabets' digits, none is one.
        number = int(key) if key.isascii() and key.isdecimal() and len(key) <= 10 else -1
        return number if number in self else None

    def key_of(self, user_id: int) -> str:
        """What the source calls the person with this number."""
        return str(self.keys[self._rows[user_id]]) if self.keys.size else str(user_id)

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
            Demographics(
                age if age >= 0 else None,
                str(self.genders[gender]) if gender >= 0 else None,
                str(self.occupations[occupation]) if occupation >= 0 else None,
            ),
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
            genders=self.genders,
            occupations=self.occupations,
            keys=self.keys[kept] if self.keys.size else self.keys,
        )
