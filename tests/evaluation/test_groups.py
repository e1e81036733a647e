"""Simulated groups: their people have something to like that nobody of the group has seen."""

import numpy as np
import pytest

from recommendations.evaluation.groups import KINDS, measure_groups, simulate_groups
from recommendations.evaluation.protocols import Case
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.people import History
from tests.ranking.factories import make_artefact

ARTEFACT = make_artefact()
FILMS = len(ARTEFACT.movie_ids)


def cases(people: int = 20) -> list[Case]:
    chance = np.random.default_rng(3)
    made = []
    for number in range(people):
        films = chance.permutation(FILMS)[:14].astype(np.int32)
        history = History(films[:6], np.full(6, 5, np.int8))
        made.append(Case(number, history, history.items, films[6:], known=True))
    return made


CASES = cases()
NOBODY = {case.user_id: Demographics() for case in CASES}


@pytest.mark.parametrize("kind", KINDS)
def test_everybody_in_a_group_has_unseen_films_to_like(kind):
    vectors = np.random.default_rng(0).normal(0, 1, (len(CASES), 5))
    found = simulate_groups(ARTEFACT, CASES, vectors @ vectors.T, kind, np.random.default_rng(1))
    assert found
    for group in found:
        assert 2 <= len(set(group.members.tolist())) == len(group.members) <= 8
        seen = np.concatenate([CASES[member].history.items for member in group.members])
        assert not group.allowed[seen].any()
        assert all(films.size and group.allowed[films].all() for films in group.relevant)


def test_an_outsider_is_far_from_the_others():
    # People 0 to 9 are alike, 10 to 19 as well; the two kinds are opposite, and of them groups of up to eight are made.
    side = np.repeat([1.0, -1.0], 10)
    found = simulate_groups(ARTEFACT, CASES, np.outer(side, side), "one outsider", np.random.default_rng(1))
    assert all(set(side[group.members[:-1]]) == {side[group.members[0]]} for group in found)
    outside = [side[group.members[-1]] != side[group.members[0]] for group in found]
    # Of twenty people the thirty farthest are everybody but those in the group.
    assert np.mean(outside) > 0.5


def test_figures_are_ratios_by_kind_and_their_means():
    figures = measure_groups(ARTEFACT, CASES, NOBODY, seed=1)
    kinds = [name.partition(", ")[2] for name in figures if name.startswith("least, ")]
    assert set(kinds) <= set(KINDS)
    assert figures["least"] == pytest.approx(np.mean([figures[f"least, {kind}"] for kind in kinds]))
    assert figures == measure_groups(ARTEFACT, CASES, NOBODY, seed=1)
    assert measure_groups(ARTEFACT, CASES[:3], NOBODY, seed=1) == {}
