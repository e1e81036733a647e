"""The dials a person can turn, and the kinds of list that they turn. Neutral dials change nothing."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any, Self

from recommendations.errors import InvalidError

# How far a dial at its end moves a film, in units of the score (a strong recommendation is about 1 to 4).
GENRE_STRENGTH = 1.0
DISCOVERY_STRENGTH = 2.0
DECADE_STRENGTH = 1.0
# Which genres there are, the version says; a dial for another one moves no film.
LONGEST_GENRE = 60

# What a list is made for: films that the person will like (by predicted stars), what people like them watch next (by the
# score), or a bold choice (by the score, unlike each other and less obvious).
LIKE, NEXT, BOLD = LIST_KINDS = ("like", "next", "bold")
# How far a bold list turns the dials at least.
BOLD_DIVERSITY, BOLD_DISCOVERY = 0.6, 0.25


class InvalidDialError(InvalidError):
    """A dial is out of range; ``field`` names it."""

    def __init__(self, field_name: str, message: str) -> None:
        super().__init__(message)
        self.field = field_name


@dataclass(frozen=True)
class Dials:
    """Genre wishes in -1 (less) to 1 (more), discovery in -1 (well known) to 1 (little known), a decade such as
    1980 to favour, and diversity in 0 to 1.

    Raises
    ------
    InvalidDialError
        If a value is out of its range or not a number.
    """

    genres: dict[str, float] = field(default_factory=dict)
    discovery: float = 0.0
    decade: int | None = None
    diversity: float = 0.0

    def __post_init__(self) -> None:
        for genre, value in self.genres.items():
            if not genre or len(genre) > LONGEST_GENRE:
                expected = f"expected a name of 1 to {LONGEST_GENRE} characters"
                raise InvalidDialError("genres", f"{genre[:LONGEST_GENRE]!r} is not a genre; {expected}")
            _check("genres", value, -1.0, 1.0)
        _check("discovery", self.discovery, -1.0, 1.0)
        _check("diversity", self.diversity, 0.0, 1.0)
        if self.decade is not None and (self.decade % 10 or not 1880 <= self.decade <= 2090):
            raise InvalidDialError("decade", f"decade is {self.decade}; expected a year such as 1980")

    @property
    def is_neutral(self) -> bool:
        """True if no dial is turned."""
        return (
            not any(self.genres.values())
            and not self.discovery
            and self.decade is None
            and not self.diversity
        )

    def of_kind(self, kind: str) -> Dials:
        """As a list of this kind turns them: a bold one is diverse and less obvious, whatever else was wished."""
        if kind != BOLD:
            return self
        discovery = min(1.0, self.discovery + BOLD_DISCOVERY)
        return replace(self, diversity=max(self.diversity, BOLD_DIVERSITY), discovery=discovery)

    def to_dict(self) -> dict[str, Any]:
        """As plain data for a session, an account or an export; genre dials in the middle are left out."""
        return {**asdict(self), "genres": {name: value for name, value in self.genres.items() if value}}

    @classmethod
    def from_dict(cls, kept: object) -> Self:
        """What :meth:`to_dict` gave; neutral dials for anything that cannot be read as such."""
        if not isinstance(kept, dict):
            return cls()
        try:
            return cls(**kept)
        except (InvalidDialError, TypeError, AttributeError):
            return cls()


def _check(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:  # also false for NaN
        raise InvalidDialError(name, f"{name} is {value}; expected {low:g} to {high:g}")
