"""Films that nobody has rated: rows of their own in a version, and coordinates for those of the data."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from recommendations.ranking.blocks import BLOCKS
from recommendations.ranking.blocks.als import Als
from recommendations.ranking.blocks.early import Early
from recommendations.ranking.blocks.ease import Ease
from recommendations.ranking.blocks.kinds import Kinds
from recommendations.ranking.blocks.stars import Stars, unpack
from recommendations.ranking.blocks.tower import Tower
from recommendations.ranking.content import FilmContent
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.dials import Dials
from recommendations.ranking.explain import explain
from recommendations.ranking.fold_in import fold_in
from recommendations.ranking.new_films import extended, fill_rows
from recommendations.ranking.score import make_plan, score_films
from recommendations.search.documents import unit_item_vectors
from tests.ranking.factories import history, long_history, make_artefact, without_block

ARTEFACT = make_artefact()
HEIST = FilmContent(("Comedy", "Crime"), 1996, ("heist",), ("Frances McDormand",), "A robbery in the snow")
WAR = FilmContent(("War",), 1955)
NUMBERS = (1_000_000_001, 1_000_000_005)
WIDER = extended(ARTEFACT, {NUMBERS[1]: WAR, NUMBERS[0]: HEIST})


def test_new_films_come_behind_the_others_which_stay_as_they_are():
    assert WIDER.movie_ids[-2:].tolist() == list(NUMBERS)
    assert WIDER.newcomers == 2
    assert WIDER.rating_count[-2:].tolist() == [0, 0]
    assert WIDER.decades[-2:].tolist() == [1990, 1950]
    np.testing.assert_array_equal(WIDER.item_vectors[:-2], ARTEFACT.item_vectors)
    for name in ("like_share", "popularity", "genres"):
        np.testing.assert_array_equal(getattr(WIDER, name)[:-2], getattr(ARTEFACT, name))
    assert WIDER.having("genres", "Crime")[-2:].tolist() == [1, 0]
    seen = long_history()
    before, after = (fold_in(artefact, Demographics(30), seen) for artefact in (ARTEFACT, WIDER))
    np.testing.assert_array_equal(before.vector, after.vector)


def test_their_coordinates_are_those_of_the_tower_and_their_kinds_are_known():
    tower = ARTEFACT.block(Tower)
    features = tower.vocabulary.features([HEIST, WAR])
    rows = tower.mean + features @ tower.coefficients
    assert features[0].any()
    np.testing.assert_allclose(WIDER.block(Ease).items[-2:], rows[:, :4], rtol=1e-5)
    np.testing.assert_allclose(WIDER.block(Ease).fold[-2:], rows[:, 4:8], rtol=1e-5)
    np.testing.assert_allclose(WIDER.block(Als).items[-2:], rows[:, 8:], rtol=1e-5)
    # The tower of these tests knows nothing of early taste.
    assert not WIDER.block(Early).items[-2:].any()
    kinds = WIDER.block(Kinds)
    crime = ARTEFACT.data.genres.index("Crime")
    assert kinds.items[-2, crime] == pytest.approx(2**-0.5)
    assert kinds.items[-1].sum() == pytest.approx(2)  # its genre and its decade
    assert not WIDER.block(Ease).intercept[-2:].any()


def test_a_rating_of_a_new_film_says_something_and_scores_stay_explained():
    row = len(ARTEFACT.movie_ids)
    taste = fold_in(WIDER, Demographics(), history((row, 5), (3, 4)))
    assert np.linalg.norm(taste.rating_vectors[0]) > 0
    plan = make_plan(taste, Dials())
    scores = score_films(WIDER, plan)
    parts = explain(WIDER, taste, plan, row + 1)
    assert sum(part.value for part in parts) == pytest.approx(float(scores[row + 1]), rel=1e-4)


def test_predicted_stars_of_a_new_film_are_no_surer_than_of_any():
    block, wider = ARTEFACT.block(Stars), WIDER.block(Stars)
    width = block.films.shape[1]
    variances = [np.trace(unpack(row.astype(float), width)) for row in wider.covariances]
    assert variances[-1] == variances[-2] == max(variances)
    assert np.isfinite(wider.predict(long_history()).stars()).all()


def test_no_vector_becomes_longer_than_the_index_allows():
    tower = ARTEFACT.block(Tower)
    far = FilmContent(tuple(tower.vocabulary.genres), 1990, ("heist",), ("Frances McDormand",))
    loud = Tower(
        tower.targets, tower.widths, tower.centre, tower.mean + 50, tower.coefficients, tower.vocabulary
    )
    blocks = tuple(loud if isinstance(block, Tower) else block for block in ARTEFACT.blocks)
    wider = extended(type(ARTEFACT)(**{**_fields(ARTEFACT), "blocks": blocks}), {NUMBERS[0]: far})
    assert wider.max_norm == ARTEFACT.max_norm
    np.testing.assert_allclose(np.linalg.norm(unit_item_vectors(wider), axis=1), 1, rtol=1e-5)


def _fields(artefact):
    return {field.name: getattr(artefact, field.name) for field in fields(artefact)}


def test_a_version_from_before_the_tower_knows_their_kinds_at_least():
    older = without_block(ARTEFACT, Tower)
    wider = extended(older, {NUMBERS[0]: HEIST})
    assert not wider.block(Ease).items[-1].any()
    assert wider.block(Kinds).items[-1].any()
    assert wider.newcomers == 1


def test_a_version_of_one_block_can_be_extended():
    bare = ARTEFACT
    for kind in BLOCKS:
        if kind is not Ease:
            bare = without_block(bare, kind)
    assert extended(bare, {NUMBERS[0]: HEIST}).item_vectors.shape == (61, 4)


def test_nothing_to_add_and_what_is_there_already():
    assert extended(ARTEFACT, {}) is ARTEFACT
    with pytest.raises(ValueError, match="test-60-0 has film 5 already"):
        extended(ARTEFACT, {5: HEIST})


def test_rows_of_unrated_films_are_filled_and_no_others():
    rows = np.array([59])
    filled = fill_rows(ARTEFACT.blocks, ARTEFACT.block(Tower), rows, [HEIST])
    ease = next(block for block in filled if isinstance(block, Ease))
    np.testing.assert_allclose(ease.items[59], WIDER.block(Ease).items[-2], rtol=1e-6)
    np.testing.assert_array_equal(ease.items[:59], ARTEFACT.block(Ease).items[:59])
    assert not ARTEFACT.block(Ease).items[59].any()
    assert fill_rows(ARTEFACT.blocks, ARTEFACT.block(Tower), rows[:0], []) == ARTEFACT.blocks
