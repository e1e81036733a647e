"""The places of a list that films have which came after training."""

from __future__ import annotations

import numpy as np
import pytest

from recommendations.ranking.content import FilmContent
from recommendations.ranking.dials import Dials
from recommendations.ranking.new_films import extended
from recommendations.search.queries import RankedFilm
from recommendations.selectors.lists.champion import Champion
from recommendations.selectors.lists.engines import candidates, diversified, rank_person
from recommendations.selectors.lists.exposure import spare_films, with_new_films
from recommendations.selectors.lists.person import Person
from recommendations.selectors.lists.world import Look, look_at
from tests.ranking.factories import make_artefact, make_people

ARTEFACT = make_artefact()
NEW = (1_000_000_001, 1_000_000_002, 1_000_000_003)
WIDER = extended(ARTEFACT, {number: FilmContent(("Crime",), 2026) for number in NEW})
# The best film of the version has 60 points, the next 59 …
SCORES = np.arange(60, 0, -1, dtype=np.float32)


def look_with(
    *of_new: float, share: float = 0.1, hidden: tuple[int, ...] = (), dials: Dials | None = None
) -> Look:
    """Somebody for whom the new films have these scores."""
    champion = Champion("v", "v", WIDER, make_people(ARTEFACT), new_share=share)
    look = look_at(Person(hidden=frozenset(hidden)), dials, champion=champion)
    look.__dict__["scores"] = np.concatenate([SCORES, np.array(of_new, np.float32)])
    return look


def listed(look: Look, k: int = 10) -> list[int]:
    ranked = rank_person(look, k=candidates(look, k), engine="numpy")
    return [film.movie_id for film in diversified(look, ranked, k=k)]


def places(look: Look, k: int = 10) -> dict[int, int]:
    return {film: place for place, film in enumerate(listed(look, k), start=1) if film in NEW}


def test_what_fits_comes_at_the_end_of_its_stretch():
    assert places(look_with(50.5, 0, 0)) == {NEW[0]: 10}
    assert places(look_with(46.5, 0, 0)) == {NEW[0]: 10}
    assert places(look_with(46.5, 46.9, 0, share=0.2)) == {NEW[1]: 5, NEW[0]: 10}
    assert places(look_with(46.5, 46.9, 0, share=0.1), k=20) == {NEW[1]: 10, NEW[0]: 16}


def test_or_where_its_score_puts_it():
    assert places(look_with(58.5, 0, 0)) == {NEW[0]: 3}


def test_no_more_of_them_than_the_share():
    look = look_with(70, 80, 75)
    assert places(look) == {NEW[1]: 1}
    # The others come as they would have.
    assert [film for film in listed(look) if film not in NEW] == ARTEFACT.movie_ids[:9].tolist()
    assert len(places(look_with(70, 80, 75, share=1.0))) == 3
    assert not places(look_with(70, 80, 75, share=0.0))
    assert not places(look_with(70, 80, 75), k=9)


def test_what_does_not_fit_or_is_hidden_does_not_come():
    # A quarter of 60 films has more than 45.25 points.
    assert not places(look_with(45, 1, 2))
    assert places(look_with(70, 80, 75, hidden=NEW[:2])) == {NEW[2]: 1}


def test_a_score_of_a_new_film_is_its_own():
    look = look_with(50.5, 0, 0)
    ranked = rank_person(look, k=20, engine="numpy")
    found = {film.movie_id: film.score for film in diversified(look, ranked, k=10)}
    assert found[NEW[0]] == pytest.approx(50.5)


def test_a_diverse_list_has_its_share_as_well():
    look = look_with(59.5, 0, 0, dials=Dials(diversity=0.5))
    shown = listed(look)
    assert len(shown) == len(set(shown)) == 10
    assert sum(film in NEW for film in shown) == 1


def test_without_new_films_nothing_changes():
    look = look_at(Person(), champion=Champion("v", "v", ARTEFACT, make_people(ARTEFACT)))
    ranked = [RankedFilm(3, 2.0), RankedFilm(5, 1.0)]
    assert with_new_films(look, ranked, 1) == ranked[:1]
    assert spare_films(look, 10) == 0
    assert candidates(look, 10) == 10


def test_nothing_is_known_of_anybody_to_fit():
    """A newcomer without a word gets what is liked by many, of which new films have nothing."""
    champion = Champion("v", "v", WIDER, make_people(ARTEFACT), new_share=0.5)
    assert not set(listed(look_at(Person(), champion=champion))) & set(NEW)
