"""What every block of the model has in common, and what a fold-in hands it and gets from it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from recommendations.ranking.content import FilmContent
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.people import History

if TYPE_CHECKING:
    from recommendations.ranking.artefact import Artefact

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]


def gettext_noop(message: str) -> str:
    """Return the message as it is; the name marks it for the catalogue, from which the site translates it."""
    return message


@dataclass(frozen=True)
class Words:
    """What a kind of part is called in a sum (``label``), and the sentence if it is a film's main ``reason``.

    Both are English and marked for translation; ``%(genre)s`` and ``%(decade)s`` stand for what the part is about.
    A part that ``everybody`` has is named only if nothing that sets this person apart speaks for the film.
    """

    label: str
    reason: str
    everybody: bool = False


@dataclass(frozen=True)
class Term:
    """A linear part of the score that is no dot product: ``weight`` · ``fact`` for the films that ``where`` chooses.

    ``kind`` names it in explanations. ``fact`` is one of a film's columns (:attr:`Artefact.facts`), ``None`` counts
    as 1. ``where`` is ``("genres", name)`` or ``("decade", year)``; ``None`` chooses every film.
    """

    kind: str
    weight: float
    fact: str | None = None
    where: tuple[str, str | int] | None = None

    def values(self, artefact: Artefact) -> Singles:
        """What ``weight`` is multiplied by, for every film (n,)."""
        column = (
            np.ones(len(artefact.movie_ids), np.float32) if self.fact is None else artefact.facts[self.fact]
        )
        return column if self.where is None else column * artefact.having(*self.where)

    def value(self, artefact: Artefact, film: int) -> float:
        """The same for the film at this position."""
        fact = 1.0 if self.fact is None else float(artefact.facts[self.fact][film])
        return fact if self.where is None else fact * float(artefact.having(*self.where)[film])

    @property
    def index(self) -> int | None:
        """The decade that it is about."""
        return int(self.where[1]) if self.where is not None and self.where[0] == "decade" else None

    @property
    def genre(self) -> str:
        """The genre that it is about; empty if it is about none."""
        return str(self.where[1]) if self.where is not None and self.where[0] == "genres" else ""


@dataclass(frozen=True)
class Recency:
    """A rating's fold-in weight is multiplied by ``floor + exp(-age / span)``; ``None`` stands for no recency.

    ``age`` counts the person's own ratings since.
    """

    floor: float
    span: float


def recency_weights(ages: Floats, recency: Recency | None, behaviour: float = 1.0) -> Floats:
    """Return each rating's recency factor (r,), mixed with 1 while little is known (``behaviour`` < 1)."""
    if recency is None:
        return np.ones_like(ages)
    return 1.0 - behaviour + behaviour * (recency.floor + np.exp(-ages / recency.span))


def value_of_stars(stars: NDArray[Any], values: tuple[float, ...]) -> Floats:
    """The value of each rating (r,): ``values`` are those of 1 to 5 stars, half stars lie half way between them, and
    half a star counts as one."""
    return np.interp(stars, np.arange(1.0, len(values) + 1), values)


def solve(system: Floats, rows: Floats) -> Floats:
    """Solve the symmetric ``system`` (width, width) for each of the ``rows`` (r, width)."""
    return np.asarray(np.linalg.solve(system, rows.T).T, np.float64)


@dataclass(frozen=True)
class Person:
    """Who is folded in, with ``r`` ratings, and into which model. ``prior`` (1 to 0) says how much demographics still
    count, ``behaviour`` (0 to 1) how much the order of the ratings does already."""

    artefact: Artefact
    demographics: Demographics
    history: History
    prior: float
    behaviour: float

    def by_stars(self, values: tuple[float, ...]) -> Floats:
        """The value of each rating's stars (r,), as :func:`value_of_stars`."""
        return value_of_stars(self.history.stars, values)

    def recency(self, recency: Recency | None) -> Floats:
        """Each rating's recency factor (r,)."""
        return recency_weights(self.history.ages, recency, self.behaviour)

    def linear(self, fold: Singles, recency: Recency | None) -> Floats:
        """Each rating's row of ``fold`` (n, width), weighted by its stars and recency (r, width)."""
        weights = self.by_stars(self.artefact.parameters.weights_to_fold_in) * self.recency(recency)
        return weights[:, None] * fold[self.history.items].astype(np.float64)


@dataclass(frozen=True)
class Folded:
    """What a block adds to a taste: ``ratings`` (r, width), one vector per rating, ``profile`` (width,) and
    ``dimensions`` (width,), whose parts are explained one by one, meet its item vectors; ``terms`` go into the plan as
    they are. What is left out is nothing."""

    ratings: Floats | None = None
    profile: Floats | None = None
    dimensions: Floats | None = None
    terms: tuple[Term, ...] = ()


@dataclass(frozen=True, eq=False)
class Block(ABC):
    """A trained block: a dataclass whose fields are its arrays, for ``n`` films.

    A block whose vectors do not join the item vectors (linear terms alone, or another answer than a score) has no
    ``items`` of its own, says itself whether it :attr:`is_empty`, and offers what it can do as methods.
    """

    name: ClassVar[str]
    title: ClassVar[str]  # what people call it
    parameters: ClassVar[type[Any]]  # a frozen dataclass; its numbers are recorded in the manifest
    by_weighting: ClassVar[Mapping[str, Any]]
    facts: ClassVar[tuple[str, ...]] = ()  # the arrays (n,) that terms may weigh; both engines hold them
    words: ClassVar[Mapping[str, Words]] = {}  # by the kinds of its terms and dimensions
    files: ClassVar[tuple[str, ...]] = ()  # what training leaves in a version's folder for others
    of_films: ClassVar[
        tuple[str, ...]
    ] = ()  # the arrays (n, …) that the content tower predicts for new films

    @classmethod
    @abstractmethod
    def empty(cls, films: int) -> Self:
        """The block of a version that was trained without it: it adds nothing."""

    @abstractmethod
    def fold_in(self, person: Person) -> Folded:
        """What this person's taste gets from the block, without retraining anything."""

    @property
    def vectors(self) -> Singles | None:
        """Its part of the item vectors (n, width), ``None`` if it has none."""
        return getattr(self, "items", None)

    @property
    def dimensions(self) -> tuple[tuple[str, int], ...]:
        """The kind of part and its index of each dimension, for a block that explains them one by one."""
        return ()

    @property
    def is_empty(self) -> bool:
        """True if it adds nothing to anybody."""
        return self.vectors is None or not self.vectors.shape[1]

    def appended(
        self, films: Sequence[FilmContent], genres: tuple[str, ...], predicted: Mapping[str, Singles]
    ) -> Self:
        """The block with rows for films that came after training, in data with these ``genres``; ``predicted`` has what
        the tower says of its arrays :attr:`of_films`, and what it does not say is 0."""
        arrays = {}
        for name in self.of_films:
            own = getattr(self, name)
            rows = predicted.get(name, np.zeros((len(films), *own.shape[1:]), own.dtype))
            arrays[name] = np.concatenate([own, rows.reshape(len(films), *own.shape[1:])])
        return replace(self, **arrays) if arrays else self

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Its arrays by name, for saving."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Rebuild what :meth:`arrays` gave.

        Raises
        ------
        TypeError, ValueError
            If one is missing, unknown or cannot be.
        """
        return cls(**arrays)
