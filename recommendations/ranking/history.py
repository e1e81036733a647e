"""A person's ratings, as the ranking core reads them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


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
        if self.stars.size and (self.stars.min() < 1 or self.stars.max() > 5):
            raise ValueError("stars must lie between 1 and 5")

    def __len__(self) -> int:
        return int(self.items.size)

    @property
    def ages(self) -> NDArray[np.float64]:
        """How many ratings came after each one (n,); the newest has age 0."""
        return np.arange(len(self) - 1, -1, -1, dtype=np.float64)


EMPTY_HISTORY = History(np.zeros(0, np.int32), np.zeros(0, np.int8))
