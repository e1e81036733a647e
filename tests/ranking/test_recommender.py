"""The model as a library: loaded from a folder, asked in plain Python, without Django."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from recommendations.ranking import Recommender
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.dials import Dials
from recommendations.ranking.fold_in import fold_in
from recommendations.ranking.reasons import Reason, reason_for
from recommendations.ranking.score import make_plan, rank_films, score_films
from recommendations.ranking.storage import ArtefactError, save_artefact
from tests.ranking.factories import PREDICTOR, history, make_artefact, make_people

ARTEFACT = make_artefact()
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("models") / "v1"
    save_artefact(ARTEFACT, make_people(ARTEFACT), PREDICTOR, target, {})
    return target


def test_a_list_is_what_the_core_ranks_with_its_reasons(folder):
    found = Recommender.load(folder).recommend(ratings={21: 5, 35: 2}, k=6)
    rated = history((9, 5), (16, 2))
    taste = fold_in(ARTEFACT, Demographics(), rated)
    plan = make_plan(taste, Dials())
    scores = score_films(ARTEFACT, plan)
    best = rank_films(scores, rated.items, 6)
    assert [film.movie_id for film in found] == ARTEFACT.movie_ids[best].tolist()
    assert [film.score for film in found] == pytest.approx(scores[best].tolist())
    assert found[0].reason == reason_for(ARTEFACT, rated, taste, plan, found[0].movie_id)
    assert all(film.sentence for film in found)


def test_sentences_name_films_by_their_titles_or_numbers(folder):
    by_number = Recommender.load(folder)
    # The first film that is named as a reason for another one: they share a genre.
    loved, place = next(
        (loved, place)
        for loved in range(3, 121, 2)
        for place, film in enumerate(by_number.recommend({loved: 5}, k=30))
        if film.reason == Reason("rating", loved, 5)
    )
    by_title = Recommender.load(str(folder), titles={loved: "Alien"})
    assert by_number.recommend({loved: 5}, k=30)[place].sentence == f"Because you loved film {loved}."
    assert by_title.recommend({loved: 5}, k=30)[place].sentence == "Because you loved Alien."


def test_a_newcomer_is_ranked_from_demographics_and_dials_act(folder):
    recommender = Recommender.load(folder)
    newcomer = recommender.recommend(k=60, demographics=Demographics(30, "F", "artist"))
    assert len(newcomer) == 60
    assert {film.reason.kind for film in newcomer} <= {"profile", "like_share", "left"}
    assert "left" not in {film.reason.kind for film in newcomer[:5]}
    plain = recommender.recommend({21: 5}, k=10)
    dialled = recommender.recommend({21: 5}, k=10, dials=Dials(decade=1950, diversity=0.5))
    assert [film.movie_id for film in plain] != [film.movie_id for film in dialled]
    assert 21 not in {film.movie_id for film in dialled}
    assert len(dialled) == 10


def test_everything_rated_leaves_nothing():
    everything = dict.fromkeys(ARTEFACT.movie_ids.tolist(), 4)
    assert Recommender(ARTEFACT).recommend(everything) == []


@pytest.mark.parametrize(
    ("ratings", "said"),
    [({4: 5}, "does not know film 4"), ({21: 6}, "stars are 6"), ({21: 3.5}, "stars are 3.5")],
)
def test_what_cannot_be_is_refused(ratings, said):
    with pytest.raises(ValueError, match=said):
        Recommender(ARTEFACT).recommend(ratings)


def test_a_folder_that_is_none_is_refused(tmp_path):
    with pytest.raises(ArtefactError, match="cannot be read"):
        Recommender.load(tmp_path / "never")


def test_it_needs_neither_django_nor_anything_of_training(folder):
    program = (
        "import sys; from recommendations.ranking import Recommender; "
        f"print(len(Recommender.load({str(folder)!r}).recommend(ratings={{21: 5}}, k=3))); "
        "print({'django', 'pyspark', 'elasticsearch', 'sklearn', 'scipy', 'pandas'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.split("\n")[:2] == ["3", "set()"]


def test_numbers_are_plain_python(folder):
    film = Recommender.load(folder).recommend({21: 5}, k=1)[0]
    assert (type(film.movie_id), type(film.score)) == (int, float)
    assert np.isfinite(film.score)
