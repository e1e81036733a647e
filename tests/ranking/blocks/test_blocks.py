"""What holds for every block of the list, and for blocks that are no dot product."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
import pytest

from recommendations.ranking.blocks import BLOCKS, FACTS
from recommendations.ranking.blocks.base import Block, Folded, Person, Term, Words
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.dials import Dials
from recommendations.ranking.explain import WORDS, Part, explain
from recommendations.ranking.fold_in import fold_in
from recommendations.ranking.genres import GENRES
from recommendations.ranking.parameters import ANY, LIKES
from recommendations.ranking.reasons import Reason
from recommendations.ranking.score import make_plan, score_films
from spark_jobs.training.model import TRAININGS
from tests.ranking.factories import history, make_artefact

ARTEFACT = make_artefact()


@dataclass(frozen=True)
class GenreParameters:
    strength: float = 1.0


@dataclass(frozen=True, eq=False)
class LikedGenres(Block):
    """A block without vectors: every film of the genres of what was rated last gains, well-known ones most."""

    name = "liked_genres"
    title = "liked genres"
    parameters = GenreParameters
    by_weighting = {"likes": GenreParameters(), "any": GenreParameters()}
    words = {"liked_genre": Words("You like %(genre)s", "Because you like %(genre)s.")}
    facts = ("fame",)

    fame: np.ndarray

    @classmethod
    def empty(cls, films: int) -> Self:
        return cls(np.zeros(films, np.float32))

    @property
    def is_empty(self) -> bool:
        return not self.fame.any()

    def fold_in(self, person: Person) -> Folded:
        own = person.artefact.parameters.of(GenreParameters)
        rated = person.artefact.genres[person.history.items[-1]]
        return Folded(
            terms=tuple(
                Term("liked_genre", own.strength / (1 + place), "fame", ("genres", GENRES[place]))
                for place in np.flatnonzero(rated)
            )
        )


def test_every_block_has_its_training_in_the_same_order():
    assert [training.block for training in TRAININGS] == list(BLOCKS)


@pytest.mark.parametrize("kind", BLOCKS)
def test_an_empty_block_adds_nothing_and_survives_saving(kind):
    empty = kind.empty(7)
    assert empty.is_empty
    assert empty.vectors is None or empty.vectors.shape == (7, 0)
    again = kind.from_arrays(empty.arrays())
    for name, array in empty.arrays().items():
        np.testing.assert_array_equal(again.arrays()[name], array)
    for fact in kind.facts:
        assert not getattr(empty, fact).any()


def test_names_kinds_and_facts_are_used_once():
    assert len({block.name for block in BLOCKS}) == len(BLOCKS)
    assert len({block.parameters for block in BLOCKS}) == len(BLOCKS)
    kinds = [kind for block in BLOCKS for kind in block.words]
    assert len(kinds) == len(set(kinds))
    assert len(set(FACTS)) == len(FACTS)


def test_every_block_has_parameters_of_both_weightings():
    for block in BLOCKS:
        assert isinstance(LIKES.of(block.parameters), block.parameters)
        assert isinstance(ANY.of(block.parameters), block.parameters)


def test_terms_of_a_block_without_vectors_are_scored_and_explained_exactly(monkeypatch):
    for room in ("explain", "reasons"):
        monkeypatch.setattr(f"recommendations.ranking.{room}.WORDS", {**WORDS, **LikedGenres.words})
    fame = np.linspace(0, 1, 60, dtype=np.float32)
    wider = replace(
        ARTEFACT,
        parameters=replace(LIKES, blocks=(*ARTEFACT.parameters.blocks, GenreParameters(2.0))),
        blocks=(*ARTEFACT.blocks, LikedGenres(fame)),
    )
    seen = history((3, 5), (8, 4))
    plain, taste = fold_in(ARTEFACT, Demographics(), seen), fold_in(wider, Demographics(), seen)
    np.testing.assert_array_equal(plain.vector, taste.vector)
    plan = make_plan(taste, Dials())
    scores = score_films(wider, plan)
    gained = scores - score_films(ARTEFACT, make_plan(plain, Dials()))
    rated = np.flatnonzero(ARTEFACT.genres[8])
    expected = fame * (ARTEFACT.genres[:, rated] / (1 + rated)).sum(axis=1) * 2.0
    np.testing.assert_allclose(gained, expected, atol=1e-5)
    film = int(expected.argmax())
    parts = explain(wider, taste, plan, film)
    assert sum(part.value for part in parts) == pytest.approx(float(scores[film]), rel=1e-5)
    named = [part for part in parts if part.kind == "liked_genre"]
    assert {part.index for part in named} == set(np.flatnonzero(ARTEFACT.genres[film] * ARTEFACT.genres[8]))
    assert named[0].label() == f"You like {GENRES[named[0].index]}"
    reason = Reason("liked_genre", index=named[0].index, genre=named[0].genre)
    assert reason.sentence("") == f"Because you like {GENRES[named[0].index]}."
    assert "liked_genres" in wider.block_names


def test_the_words_of_dials_name_what_they_are_about():
    assert Part("genre", 1.0, GENRES.index("War"), "War").label() == "Your dial: War"
    assert Part("decade", 1.0, 1990).label() == "Your dial: the 1990s"
