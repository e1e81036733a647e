"""From parts to a sentence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from django.utils import translation
from django.utils.translation import gettext

from recommendations.ranking.audience import Audiences
from recommendations.ranking.blocks.base import Term
from recommendations.ranking.content import FilmContent
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.dials import Dials
from recommendations.ranking.explain import Part
from recommendations.ranking.fold_in import Taste, fold_in
from recommendations.ranking.genres import GENRES
from recommendations.ranking.new_films import extended
from recommendations.ranking.people import EMPTY_HISTORY, KnownPeople
from recommendations.ranking.reasons import Reason, _named, reason_for, reasons_of_list
from recommendations.ranking.score import ScorePlan, make_plan
from tests.ranking.factories import history, make_artefact

ARTEFACT = make_artefact()
DIMENSIONS = ARTEFACT.item_vectors.shape[1]
FILM = 20
NUMBER = int(ARTEFACT.movie_ids[FILM])
LIKED_BY_MANY = Term("like_share", 1.1, fact="like_share")
TOWARDS = ARTEFACT.item_vectors[FILM].astype(float)
# The same films, all of one genre, and the film the most loved one.
LOVED = replace(
    ARTEFACT,
    genres=np.eye(len(GENRES), dtype=np.float32)[[GENRES.index("Drama")] * 60],
    like_share=np.where(np.arange(60) == FILM, 0.9, 0.1).astype(np.float32),
)


@pytest.mark.parametrize(
    ("reason", "english", "french"),
    [
        (Reason("rating", 5, 5), "Because you loved Fargo.", "adoré «\u00a0Fargo\u00a0»."),
        (Reason("rating", 5, 4), "Because you liked Fargo.", "Fargo"),
        (Reason("rating", 5, 2), "Because you have seen Fargo.", "Fargo"),
        (Reason("profile"), "Popular with people like you.", "."),
        (Reason("genre"), "It fits the dials you have set.", "."),
        (Reason("decade"), "It fits the dials you have set.", "."),
        (Reason("popularity"), "It fits the dials you have set.", "."),
        (Reason("like_share"), "Widely loved.", "."),
        (Reason("intercept"), "Liked by many people.", "."),
        (Reason("taste_genre", genre="Western"), "You like westerns.", "aimez les westerns."),
        (
            Reason("taste_genre", genre="Western", often=True),
            "You often watch westerns.",
            "revenez souvent vers les westerns.",
        ),
        (Reason("taste_decade", index=1940), "You like films of the 1940s.", "1940"),
        (Reason("ratings"), "It fits your ratings as a whole.", "."),
        (Reason("left"), "The closest to your taste among what is left.", "."),
    ],
)
def test_each_reason_in_both_languages(reason, english, french):
    assert reason.sentence("Fargo") == reason.sentence("Fargo", gettext) == english
    with translation.override("fr"):
        assert french in reason.sentence("Fargo", gettext)
        assert reason.sentence("Fargo", gettext) != english


def test_the_rating_that_adds_most_is_named():
    taste = Taste(
        np.stack([0.1 * TOWARDS, 2 * TOWARDS, -5 * TOWARDS]), np.zeros(DIMENSIONS), np.zeros(DIMENSIONS)
    )
    seen = history((1, 5), (2, 4), (3, 5))
    reason = reason_for(LOVED, seen, taste, make_plan(taste, Dials()), NUMBER)
    assert reason == Reason("rating", int(ARTEFACT.movie_ids[2]), 4)


def test_the_largest_part_is_named_be_it_a_rating_popularity_or_a_dial():
    seen = history((1, 5))

    def kind_with(popularity: float, *turned: Term) -> str:
        taste = Taste(
            TOWARDS[None],
            np.zeros(DIMENSIONS),
            np.zeros(DIMENSIONS),
            (replace(LIKED_BY_MANY, weight=popularity / 0.9),),
        )
        plan = ScorePlan(taste.vector.astype(np.float32), (*taste.terms, *turned))
        return reason_for(LOVED, seen, taste, plan, NUMBER).kind

    rating = float(TOWARDS @ TOWARDS)
    assert kind_with(0.9 * rating) == "rating"
    assert kind_with(1.1 * rating) == "like_share"
    dial = Term("decade", 1.2 * rating, where=("decade", int(ARTEFACT.decades[FILM])))
    assert kind_with(1.1 * rating, dial) == "decade"


def test_a_genre_that_gets_fewer_stars_than_the_rest_is_not_said_to_be_liked():
    genre = GENRES.index("Western")
    genres = np.zeros_like(ARTEFACT.genres)
    genres[[1, 2, 3, FILM], genre] = 1
    artefact = replace(ARTEFACT, genres=genres)
    part = Part("taste_genre", 1.0, index=genre, genre="Western")
    seldom = history((1, 3), (2, 3), (3, 4), (4, 5))
    assert _named(part, artefact, seldom) == Reason("taste_genre", index=genre, genre="Western", often=True)
    assert _named(part, artefact, history((1, 5), (2, 5), (3, 4), (4, 3))).often is False
    assert _named(part, artefact, history((1, 5), (2, 5))).often is False, "nothing else to compare with"


def rated_number(position):
    return int(ARTEFACT.movie_ids[position])


def test_a_rating_is_named_twice_at_most():
    taste = Taste(
        np.stack([1.0 * TOWARDS, 2 * TOWARDS, 0.9 * TOWARDS]), np.zeros(DIMENSIONS), np.zeros(DIMENSIONS)
    )
    reasons = reasons_of_list(
        LOVED, history((1, 5), (2, 4), (3, 5)), taste, make_plan(taste, Dials()), [NUMBER] * 6
    )
    told = [rated_number(position) for position in (2, 2, 1, 1)]
    assert [reason.movie_id for reason in reasons] == [*told, None, None]
    assert [reason.stars for reason in reasons[:4]] == [4, 4, 5, 5]
    assert [reason.kind for reason in reasons[4:]] == ["ratings", "ratings"], "0.9 is less than half of 2"


def test_a_film_that_has_nothing_to_do_with_it_is_no_reason():
    """No genre in common: only a shared audience makes it one."""
    apart = ARTEFACT.genres.copy()
    apart[1], apart[FILM] = 0, 0
    apart[1, GENRES.index("Western")], apart[FILM, GENRES.index("Musical")] = 1, 1
    artefact = replace(ARTEFACT, genres=apart, like_share=np.linspace(1, 0, 60, dtype=np.float32))
    taste = Taste(TOWARDS[None], np.zeros(DIMENSIONS), np.zeros(DIMENSIONS))
    plan, seen = make_plan(taste, Dials()), history((1, 5))
    assert reason_for(artefact, seen, taste, plan, NUMBER) == Reason("ratings")
    assert reason_for(artefact, seen, taste, plan, NUMBER, audiences=audience(5, 60)).kind == "rating"
    assert reason_for(artefact, seen, taste, plan, NUMBER, audiences=audience(20, 20)) == Reason("ratings")
    assert reason_for(artefact, seen, taste, plan, NUMBER, audiences=audience(5, 60, stars=2)) == Reason(
        "ratings"
    )


def audience(alone: int, outside: int, stars: int = 5) -> Audiences:
    """40 people who rated films 1 and FILM, so many who rated one of them, and so many who rated another film."""
    seen = [(1, FILM)] * 40 + [(1,)] * alone + [(FILM,)] * alone + [(5,)] * outside
    items = np.concatenate([np.array(films, np.int32) for films in seen])
    return Audiences(
        KnownPeople(
            np.arange(1, len(seen) + 1, dtype=np.int32),
            np.zeros((len(seen), 3), np.int16),
            np.concatenate([[0], np.cumsum([len(films) for films in seen])]).astype(np.int64),
            items,
            np.full(len(items), stars, np.int8),
        )
    )


def test_lift_is_that_of_the_counts():
    """40 of 110 people have both, 45 each one; with nobody in common there is none."""
    assert audience(5, 60).lift(1, FILM) == pytest.approx(40 * 110 / (45 * 45))
    assert audience(5, 60).lift(1, 5) == 0.0


def test_people_like_you_are_named_only_to_somebody_who_has_said_something():
    taste = Taste(np.zeros((0, DIMENSIONS)), TOWARDS, np.zeros(DIMENSIONS), (LIKED_BY_MANY,))
    plan = make_plan(taste, Dials())
    assert reason_for(LOVED, EMPTY_HISTORY, taste, plan, NUMBER).kind == "profile"
    assert reason_for(LOVED, EMPTY_HISTORY, taste, plan, NUMBER, has_profile=False) == Reason("like_share")


def test_widely_loved_is_only_a_film_that_is():
    shares = ARTEFACT.like_share.copy()
    shares[FILM] = 0
    taste = Taste(np.zeros((0, DIMENSIONS)), TOWARDS, np.zeros(DIMENSIONS))
    reason = reason_for(
        replace(LOVED, like_share=shares),
        EMPTY_HISTORY,
        taste,
        make_plan(taste, Dials()),
        NUMBER,
        has_profile=False,
    )
    assert reason == Reason("left")


def test_the_profile_is_named_for_newcomers():
    taste = Taste(np.zeros((0, DIMENSIONS)), TOWARDS, np.zeros(DIMENSIONS), (LIKED_BY_MANY,))
    assert reason_for(ARTEFACT, EMPTY_HISTORY, taste, make_plan(taste, Dials()), NUMBER).kind == "profile"


def test_if_nothing_speaks_for_a_film_it_is_said_to_be_liked():
    taste = Taste(-TOWARDS[None], -TOWARDS, np.zeros(DIMENSIONS))
    reason = reason_for(LOVED, history((1, 5)), taste, make_plan(taste, Dials()), NUMBER)
    assert reason == Reason("like_share")


def test_a_film_that_was_disliked_is_no_reason():
    """The only rating with anything to add got one star: the like share is named instead."""
    rated = [(row, stars) for row, stars in ((0, 1), (1, 2))]
    taste = Taste(
        np.stack([2 * TOWARDS, 3 * TOWARDS]), np.zeros(DIMENSIONS), np.zeros(DIMENSIONS), (LIKED_BY_MANY,)
    )
    plan = make_plan(taste, Dials())
    reason = reason_for(LOVED, history(*rated), taste, plan, NUMBER)
    assert (reason.kind, reason.movie_id) == ("like_share", None)


def new_reason(film: FilmContent, *ratings: tuple[int, int], picked: tuple[int, ...] = ()) -> Reason:
    """Why somebody with these ratings (position, stars) gets a film that came after training."""
    wider = extended(ARTEFACT, {1_000_000_001: film})
    told = history(*ratings)
    taste = fold_in(wider, Demographics(), told)
    plan = make_plan(taste, Dials())
    [reason] = reasons_of_list(wider, told, taste, plan, [1_000_000_001], has_profile=False, picked=picked)
    return reason


def of_genre(name: str) -> list[int]:
    return np.flatnonzero(ARTEFACT.having("genres", name)).tolist()


def test_a_new_film_says_that_it_is_new_and_what_of_the_taste_it_fits():
    loved = of_genre("Western")[:5]
    reason = new_reason(FilmContent(("Western",), 1990), *((row, 5) for row in loved))
    assert reason.is_new
    named = {f"New here; because you like Film {ARTEFACT.movie_ids[row]}." for row in loved}
    assert reason.sentence(f"Film {reason.movie_id}") in {*named, "New here; because you like westerns."}


def test_nobody_is_told_that_they_like_what_they_have_only_seen():
    rows = of_genre("Western")[:5]
    reason = new_reason(FilmContent(("Western",), 1990), *((row, 2) for row in rows))
    assert reason.sentence("any film") in ("New here.", "New here; it fits your ratings as a whole.")


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (Reason("rating", 5, 4.0, is_new=True), "New here; because you like When Harry Met Sally..."),
        (Reason("taste_genre", genre="Film-Noir", is_new=True), "New here; because you like films noirs."),
        (
            Reason("taste_genre", genre="Heist", is_new=True),
            "New here; because you like films of this kind: Heist.",
        ),
        (
            Reason("taste_genre", genre="War", often=True, is_new=True),
            "New here; because you often watch war films.",
        ),
        (Reason("taste_decade", index=1990, is_new=True), "New here; because you like films of the 1990s."),
        (Reason("picked", is_new=True), "New here; it fits a taste that you picked."),
        (Reason("ratings", is_new=True), "New here; it fits your ratings as a whole."),
        (Reason("left", is_new=True), "New here."),
    ],
)
def test_the_sentences_of_new_films(reason, sentence):
    assert reason.sentence("When Harry Met Sally...") == sentence
