"""One score, two engines: Elasticsearch and NumPy give the same films, in the same order, with the same scores."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from elasticsearch import Elasticsearch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recommendations.ranking.artefact import Artefact
from recommendations.ranking.blocks.base import Term
from recommendations.ranking.blocks.stars import Stars
from recommendations.ranking.blocks.tower import Tower
from recommendations.ranking.demographics import GENDERS, OCCUPATIONS, Demographics
from recommendations.ranking.dials import Dials
from recommendations.ranking.explain import explain
from recommendations.ranking.fold_in import fold_in
from recommendations.ranking.genres import GENRES
from recommendations.ranking.parameters import ANY
from recommendations.ranking.people import History
from recommendations.ranking.score import ScorePlan, make_plan, rank_films, score_films
from recommendations.search.index_lifecycle import delete_indices
from recommendations.search.queries import RankedFilm, ranking_query, run_ranking
from tests.ranking.factories import (
    RANKS,
    make_artefact,
    random_demographics,
    random_dials,
    random_history,
    with_block,
)
from tests.search.indices import build_indices, client_of, new_label

pytestmark = pytest.mark.elasticsearch
FILMS = 60
ARTEFACT = make_artefact(FILMS)
# Real nodes answer in their own time; the examples are what is tested.
EXAMPLES = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@dataclass(frozen=True)
class Engine:
    """An index of one artefact on one node."""

    client: Elasticsearch
    index: str
    artefact: Artefact

    def rank(self, plan: ScorePlan, excluded: list[int], k: int) -> list[RankedFilm]:
        query = ranking_query(
            plan,
            index=self.index,
            max_norm=self.artefact.max_norm,
            films=len(self.artefact.movie_ids),
            excluded=[int(self.artefact.movie_ids[row]) for row in excluded],
            k=k,
        )
        return run_ranking(self.client, query)


def engine_on(url: str, artefact: Artefact) -> Iterator[Engine]:
    label = new_label()
    with client_of(url) as client:
        yield Engine(client, build_indices(client, label, artefact).movies, artefact)
        delete_indices(client, [label])


@pytest.fixture(scope="module", params=["elasticsearch_url", "old_elasticsearch_url"])
def node_url(request: pytest.FixtureRequest) -> str:
    """The default version, and the oldest one that is served."""
    return str(request.getfixturevalue(request.param))


@pytest.fixture(scope="module")
def engine(node_url: str) -> Iterator[Engine]:
    yield from engine_on(node_url, ARTEFACT)


@st.composite
def histories(draw: st.DrawFn) -> History:
    items = draw(st.lists(st.integers(0, FILMS - 1), max_size=40, unique=True))
    stars = draw(st.lists(st.integers(1, 5), min_size=len(items), max_size=len(items)))
    return History(np.array(items, np.int32), np.array(stars, np.int8))


people = st.builds(
    Demographics,
    age=st.none() | st.integers(5, 110),
    gender=st.none() | st.sampled_from(GENDERS),
    occupation=st.none() | st.sampled_from(OCCUPATIONS),
)
turns = st.floats(-1, 1, allow_subnormal=False).map(lambda value: round(value, 4))
dials = st.builds(
    Dials,
    genres=st.dictionaries(st.sampled_from(GENRES), turns, max_size=5),
    discovery=turns,
    decade=st.none() | st.sampled_from([1950, 1980, 1990]),
)


def assert_same(engine: Engine, plan: ScorePlan, excluded: list[int], k: int) -> None:
    """Same films in the same order, except among scores that float32 cannot tell apart."""
    artefact = engine.artefact
    scores = score_films(artefact, plan)
    expected = rank_films(scores, np.array(excluded, np.int32), k)
    ranked = engine.rank(plan, excluded, k)
    rows = [artefact.positions[film.movie_id] for film in ranked]
    assert len(rows) == len(set(rows)) == len(expected)
    assert not set(rows) & set(excluded)
    finest = resolution(artefact, plan)
    np.testing.assert_allclose([film.score for film in ranked], scores[rows], rtol=1e-4, atol=finest)
    np.testing.assert_allclose(scores[rows], scores[expected], rtol=0, atol=finest)


def resolution(artefact: Artefact, plan: ScorePlan) -> float:
    """What two scores must differ by for Elasticsearch to see it.

    It adds a constant so that no part is negative, and counts in float32 (24 bits).
    """
    height = float(np.linalg.norm(plan.vector)) * artefact.max_norm + sum(
        abs(term.weight) for term in plan.terms if term.fact
    )
    return 1e-6 * (2 * height + sum(term.where is not None for term in plan.terms) + 2)


@EXAMPLES
@given(person=people, history=histories(), dial=dials, data=st.data())
def test_both_engines_give_the_same_list(engine, person, history, dial, data):
    hidden = data.draw(st.lists(st.integers(0, FILMS - 1), max_size=8, unique=True))
    k = data.draw(st.sampled_from([1, 10, FILMS]))
    plan = make_plan(fold_in(engine.artefact, person, history), dial)
    assert_same(engine, plan, sorted({*history.items.tolist(), *hidden}), k)


def test_explanations_sum_to_the_score_of_elasticsearch_in_a_thousand_random_cases(engine):
    """Twenty-five people with forty films each."""
    chance = np.random.default_rng(5)
    cases = 0
    while cases < 1000:
        seen = random_history(ARTEFACT, chance, int(chance.integers(0, 21)))
        taste = fold_in(ARTEFACT, random_demographics(chance), seen)
        plan = make_plan(taste, random_dials(chance))
        for film in engine.rank(plan, seen.items.tolist(), 40):
            parts = explain(ARTEFACT, taste, plan, ARTEFACT.positions[film.movie_id])
            error = abs(sum(part.value for part in parts) - film.score)
            assert error <= 1e-4 * abs(film.score) + resolution(ARTEFACT, plan)
            cases += 1


def test_all_films_rated_gives_an_empty_list(engine):
    everything = random_history(ARTEFACT, np.random.default_rng(0), FILMS)
    plan = make_plan(fold_in(ARTEFACT, Demographics(), everything), Dials())
    assert engine.rank(plan, everything.items.tolist(), 10) == []


def test_a_plan_without_a_vector_ranks_by_its_facts(engine):
    plan = ScorePlan(
        np.zeros(ARTEFACT.item_vectors.shape[1], np.float32), (Term("like_share", 1.0, fact="like_share"),)
    )
    assert_same(engine, plan, [], FILMS)
    assert_same(engine, plan, [3, 4], FILMS)


def test_a_plan_of_nothing_keeps_the_order_of_movielens_numbers(engine):
    ranked = engine.rank(ScorePlan(np.zeros(ARTEFACT.item_vectors.shape[1], np.float32)), [], FILMS)
    assert [film.movie_id for film in ranked] == ARTEFACT.movie_ids.tolist()
    assert {round(film.score, 6) for film in ranked} == {0.0}


def test_the_other_weighting_uses_the_intercept_in_both(node_url):
    artefact = make_artefact(parameters=ANY.adjusted(**RANKS))
    for engine in engine_on(node_url, artefact):
        seen = random_history(artefact, np.random.default_rng(2), 12)
        plan = make_plan(fold_in(artefact, Demographics(), seen), Dials())
        assert "intercept" in {term.fact for term in plan.terms}
        assert_same(engine, plan, seen.items.tolist(), FILMS)


def test_no_film_is_missed_among_many_equal_ones(node_url):
    """A thousand films of which most have the same vector: a graph search would lose some, the filter keeps it
    exact, with and without exclusions."""
    artefact = make_artefact(1200)
    for block in artefact.blocks:
        if isinstance(block, Stars | Tower):
            continue  # no part of the score
        equal = np.where(np.arange(1200)[:, None] % 10 > 2, 0, block.items).astype(np.float32)
        artefact = with_block(artefact, type(block), items=equal)
    for engine in engine_on(node_url, artefact):
        seen = random_history(artefact, np.random.default_rng(2), 25)
        plan = make_plan(fold_in(artefact, Demographics(40, "M", "lawyer"), seen), Dials())
        assert_same(engine, plan, [], 1200)
        assert_same(engine, plan, seen.items.tolist(), 1200)
