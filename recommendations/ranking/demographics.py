"""What a newcomer tells about themselves, and how the models read it.

Every part may be unknown. An unknown part becomes the average over the people the model was trained on,
so that leaving a field empty never pushes a recommendation in any direction.
"""

from __future__ import annotations

from dataclasses import dataclass

from recommendations.errors import InvalidError

MIN_AGE, MAX_AGE = 5, 110
GENDERS = ("F", "M")
OCCUPATIONS = (
    "administrator",
    "artist",
    "doctor",
    "educator",
    "engineer",
    "entertainment",
    "executive",
    "healthcare",
    "homemaker",
    "lawyer",
    "librarian",
    "marketing",
    "none",
    "other",
    "programmer",
    "retired",
    "salesman",
    "scientist",
    "student",
    "technician",
    "writer",
)
# Lower bounds of the age bands; the usual MovieLens grouping.
AGE_BANDS = (0, 18, 25, 35, 45, 50, 56)


class InvalidDemographicsError(InvalidError):
    """A part of the demographics is out of range; ``field`` names it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Demographics:
    """Age in years, gender ``F``/``M`` and one of :data:`OCCUPATIONS`; ``None`` means not told.

    Raises
    ------
    InvalidDemographicsError
        If a part is given but is not one of the values above.
    """

    age: int | None = None
    gender: str | None = None
    occupation: str | None = None

    def __post_init__(self) -> None:
        if self.age is not None and not MIN_AGE <= self.age <= MAX_AGE:
            raise InvalidDemographicsError("age", f"age is {self.age}; expected {MIN_AGE} to {MAX_AGE}")
        if self.gender is not None and self.gender not in GENDERS:
            raise InvalidDemographicsError("gender", f"gender is {self.gender!r}; expected F or M")
        if self.occupation is not None and self.occupation not in OCCUPATIONS:
            raise InvalidDemographicsError(
                "occupation", f"occupation is {self.occupation!r}; expected one of {', '.join(OCCUPATIONS)}"
            )

    @property
    def is_empty(self) -> bool:
        """True if nothing at all was told."""
        return self.age is None and self.gender is None and self.occupation is None
