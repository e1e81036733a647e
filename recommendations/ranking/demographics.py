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
LONGEST_WORD = 40


class InvalidDemographicsError(InvalidError):
    """A part of the demographics is out of range; ``field`` names it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Demographics:
    """Age in years, gender and occupation as the version's data spell them; ``None`` means not told.

    Which genders and occupations a version knows, :meth:`recommendations.ranking.dataset.DataSet.check` says.

    Raises
    ------
    InvalidDemographicsError
        If the age is out of range, or a word is empty or longer than any.
    """

    age: int | None = None
    gender: str | None = None
    occupation: str | None = None

    def __post_init__(self) -> None:
        if self.age is not None and not MIN_AGE <= self.age <= MAX_AGE:
            raise InvalidDemographicsError("age", f"age is {self.age}; expected {MIN_AGE} to {MAX_AGE}")
        for name in ("gender", "occupation"):
            value = getattr(self, name)
            if value is not None and not isinstance(value, str):
                raise InvalidDemographicsError(name, f"{name} is {value!r}; expected a word")
            if value is not None and not 0 < len(value) <= LONGEST_WORD:
                raise InvalidDemographicsError(
                    name, f"{name} has {len(value)} letters; expected 1 to {LONGEST_WORD}"
                )

    @property
    def is_empty(self) -> bool:
        """True if nothing at all was told."""
        return self.age is None and self.gender is None and self.occupation is None
