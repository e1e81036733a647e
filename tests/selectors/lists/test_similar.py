"""Films that are like a film."""

from __future__ import annotations

import pytest
from django.utils import translation

from recommendations.ranking.blocks.ease import Ease
from recommendations.selectors.catalogue import film_facts
from recommendations.selectors.lists.champion import current_champion
from recommendations.selectors.lists.person import UnknownFilmError
from recommendations.selectors.lists.similar import similar_to
from recommendations.selectors.lists.world import require_champion
from tests.trained_home import TrainedHome

pytestmark = [pytest.mark.spark, pytest.mark.elasticsearch]


def test_the_films_a_rating_raises_most_come_first(trained: TrainedHome):
    found = similar_to(require_champion(), movie_id=3, k=5)
    artefact = current_champion().artefact
    by_hand = artefact.block(Ease).items @ artefact.block(Ease).fold[artefact.positions[3]]
    by_hand[artefact.positions[3]] = -1
    best = sorted(range(len(by_hand)), key=lambda row: -by_hand[row])[:5]
    assert [film.movie_id for film in found] == artefact.movie_ids[best].tolist()
    for film in found:
        facts = film_facts(movie_id=film.movie_id)
        assert (film.title, film.year, film.genres) == (facts.title, facts.year, facts.genres)
        assert film.weight == pytest.approx(by_hand[artefact.positions[film.movie_id]], rel=1e-5)


def test_the_reason_names_the_film_and_what_they_share(trained: TrainedHome):
    origin = film_facts(movie_id=3)
    found = similar_to(require_champion(), movie_id=3, k=30)
    for film in found:
        shared = [genre for genre in film.genres if genre in origin.genres]
        assert film.reason.startswith(f"Who likes {origin.title} likes it as well")
        assert film.reason.endswith(f": {', '.join(shared)}." if shared else "well.")
    with translation.override("fr"):
        assert similar_to(require_champion(), movie_id=3, k=1)[0].reason.startswith("Ceux qui aiment «\u00a0")


def test_an_unknown_film_is_told(trained: TrainedHome):
    with pytest.raises(UnknownFilmError, match="film 99999"):
        similar_to(require_champion(), movie_id=99_999)
