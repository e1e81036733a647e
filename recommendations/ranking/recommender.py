"""The model as a library: ``from recommendations.ranking import Recommender``. Needs NumPy and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from recommendations.ranking.artefact import Artefact
from recommendations.ranking.audience import Audiences
from recommendations.ranking.blocks.stars import Stars
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.dials import Dials
from recommendations.ranking.fold_in import fold_in
from recommendations.ranking.people import History, KnownPeople
from recommendations.ranking.reasons import Reason, reasons_of_list
from recommendations.ranking.score import CANDIDATES, diversify, make_plan, rank_films, score_films
from recommendations.ranking.storage import load_artefact
from recommendations.stars import FEWEST_STARS, HALF, MOST_STARS


@dataclass(frozen=True)
class RecommendedFilm:
    """A film by its MovieLens number, its raw score, the main ``reason`` and that reason as an English ``sentence``.

    ``predicted_stars`` are how many the person would give it, ``match`` is in per cent the share of all films of which no
    more is expected; both ``None`` from a version that predicts none.
    """

    movie_id: int
    score: float
    reason: Reason
    sentence: str
    predicted_stars: float | None = None
    match: int | None = None


class Recommender:
    """Lists with reasons from one model version. ``titles`` by film number make the sentences name films, ``people`` let
    them name a film of another genre that the same people like."""

    def __init__(
        self,
        artefact: Artefact,
        titles: Mapping[int, str] | None = None,
        people: KnownPeople | None = None,
    ) -> None:
        self.artefact = artefact
        self.titles = titles or {}
        self.audiences = None if people is None else Audiences(people)

    @classmethod
    def load(cls, folder: str | Path, titles: Mapping[int, str] | None = None) -> Self:
        """Load the folder of a model version, such as ``var/models/NAME``.

        Raises
        ------
        recommendations.ranking.storage.ArtefactError
            If a file is missing, altered or of another format.
        """
        artefact, people = load_artefact(Path(folder))
        return cls(artefact, titles, people)

    def recommend(
        self,
        ratings: Mapping[int, float] | None = None,
        k: int = 10,
        *,
        demographics: Demographics | None = None,
        dials: Dials | None = None,
    ) -> list[RecommendedFilm]:
        """The ``k`` best films that are not among ``ratings``: film numbers and stars (1 to 5), oldest first.

        Fewer come back if fewer are left.

        Raises
        ------
        ValueError
            If the model does not know a film, or stars are not whole numbers from 1 to 5.
        """
        artefact, ratings = self.artefact, ratings or {}
        unknown = [number for number in ratings if number not in artefact.positions]
        if unknown:
            raise ValueError(f"the model does not know film {unknown[0]}")
        step = HALF if artefact.data.has_halves else 1
        least, wanted = (
            (FEWEST_STARS, "half or whole stars from 0.5")
            if artefact.data.has_halves
            else (1, "a whole number from 1")
        )
        if wrong := [stars for stars in ratings.values() if not least <= stars <= MOST_STARS or stars % step]:
            raise ValueError(f"stars are {wrong[0]!r}; expected {wanted} to 5")
        rows = [artefact.positions[number] for number in ratings]
        history = History(np.array(rows, np.int32), np.array(list(ratings.values()), np.float32))
        taste, dials = fold_in(artefact, demographics or Demographics(), history), dials or Dials()
        plan = make_plan(taste, dials)
        scores = score_films(artefact, plan)
        best = rank_films(scores, history.items, max(k, CANDIDATES) if dials.diversity else k)
        best = best[diversify(scores[best], artefact.item_vectors[best], dials.diversity, k)]
        numbers = artefact.movie_ids[best].tolist()
        reasons = reasons_of_list(
            artefact,
            history,
            taste,
            plan,
            numbers,
            has_profile=demographics is not None and not demographics.is_empty,
            audiences=self.audiences,
        )
        expected = self._expected(history, best)
        return [
            RecommendedFilm(
                number, float(scores[row]), reason, reason.sentence(self._title(reason.movie_id)), *stars
            )
            for number, row, reason, stars in zip(numbers, best, reasons, expected, strict=True)
        ]

    def _expected(
        self, history: History, rows: NDArray[np.intp]
    ) -> list[tuple[float, int]] | list[tuple[None, None]]:
        block = self.artefact.block(Stars)
        if block.is_empty:
            return [(None, None)] * len(rows)
        predicted = block.predict(history)
        matches = predicted.match(rows, self.artefact.each_once)
        return list(zip(predicted.stars(rows).tolist(), matches.tolist(), strict=True))

    def _title(self, movie_id: int | None) -> str:
        return "" if movie_id is None else self.titles.get(movie_id, f"film {movie_id}")
