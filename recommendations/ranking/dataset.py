"""What a version knows of the data it was trained on: their names, scales and vocabularies, and which parts they have.

Pages, API and training ask this and no constant, so that a part that a source lacks is absent everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from recommendations.ranking.demographics import (
    GENDERS,
    OCCUPATIONS,
    Demographics,
    InvalidDemographicsError,
)
from recommendations.ranking.genres import GENRES


@dataclass(frozen=True)
class DataSet:
    """The defaults are those of MovieLens-100k, for versions from before a manifest told them.

    ``name`` is that by which it is fetched and ``layout`` the reader that read it; ``scale`` says how its ratings became
    stars, and ``star_step`` is 1 or 0.5. ``genres`` are in the order of the columns of a version's membership matrix,
    ``genders`` and ``occupations`` in that of the positions in its people. Empty vocabularies, and the flags, say what
    the source lacks.
    """

    name: str = "ml-100k"
    layout: str = "ml-100k"
    scale: str = "1 to 5 stars"
    star_step: float = 1.0
    genres: tuple[str, ...] = GENRES
    genders: tuple[str, ...] = GENDERS
    occupations: tuple[str, ...] = OCCUPATIONS
    has_ages: bool = True
    has_times: bool = True

    @property
    def has_people(self) -> bool:
        """True if anything is known of people beside their ratings."""
        return self.has_ages or bool(self.genders) or bool(self.occupations)

    @property
    def has_halves(self) -> bool:
        """True if its ratings come in half stars."""
        return self.star_step == 0.5

    @property
    def lacks(self) -> tuple[str, ...]:
        """The parts that the source does not have."""
        parts = {"people": self.has_people, "times": self.has_times, "genres": bool(self.genres)}
        return tuple(name for name, there in parts.items() if not there)

    def check(self, demographics: Demographics) -> None:
        """Refuse what the data know nothing of.

        Raises
        ------
        InvalidDemographicsError
            If a part is told that these data do not have, or a gender or occupation that nobody in them has.
        """
        if demographics.age is not None and not self.has_ages:
            raise InvalidDemographicsError(
                "age", f"age is {demographics.age}, but the data {self.name} have no ages; leave it out"
            )
        for name, value, known in (
            ("gender", demographics.gender, self.genders),
            ("occupation", demographics.occupation, self.occupations),
        ):
            if value is None or value in known:
                continue
            if not known:
                raise InvalidDemographicsError(
                    name, f"{name} is {value!r}, but the data {self.name} have none; leave it out"
                )
            expected = " or ".join(known) if len(known) == 2 else f"one of {', '.join(known)}"
            raise InvalidDemographicsError(name, f"{name} is {value!r}; expected {expected}")

    def known_of(self, demographics: Demographics) -> Demographics:
        """What was told, without what the data know nothing of."""
        return Demographics(
            demographics.age if self.has_ages else None,
            demographics.gender if demographics.gender in self.genders else None,
            demographics.occupation if demographics.occupation in self.occupations else None,
        )

    def as_dict(self) -> dict[str, Any]:
        """The same as JSON of the manifest; :meth:`from_dict` reads it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """What :meth:`as_dict` gave; names that this program does not know are left out."""
        known = {field.name for field in fields(cls)}
        kept: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in values.items()
            if name in known
        }
        return cls(**kept)
