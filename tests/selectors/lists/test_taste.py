"""What the published model believes about people."""

from __future__ import annotations

import pytest
from django.utils import translation

from recommendations.ranking.demographics import Demographics
from recommendations.selectors.lists.person import Person, RatedMovie, UnknownPersonError
from recommendations.selectors.lists.recommendations import recommendations_for
from recommendations.selectors.lists.taste import taste_of
from recommendations.selectors.lists.world import look_at

pytestmark = [pytest.mark.spark, pytest.mark.elasticsearch]


def test_a_newcomer_is_told_what_people_like_them_do(trained, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        report = taste_of(look_at(Person(demographics=Demographics(age=30, gender="F"))))
    assert len(report.genres) == 18
    assert list(report.genres) == sorted(report.genres, key=lambda bar: -bar.affinity)
    assert (report.rating_count, report.mean_stars, report.telling, report.history) == (0, None, (), ())
    assert report.profile_weight == 1
    assert "0 % of your list rests on your ratings" in report.beliefs[-1]
    everybody = taste_of(look_at(Person()))
    assert [bar.affinity for bar in everybody.genres] == pytest.approx(
        [bar.average for bar in everybody.genres]
    )
    assert "close to everybody’s" in everybody.beliefs[0]


def test_ratings_are_counted_ordered_and_weighed(trained):
    films = [film.movie_id for film in recommendations_for(look_at(Person()), k=12, engine="numpy").items]
    ratings = tuple(RatedMovie(number, 1 + place % 5) for place, number in enumerate(films[:7]))
    report = taste_of(look_at(Person(ratings=ratings)))
    assert [(told.film.movie_id, told.stars) for told in report.history] == [
        (kept.movie_id, kept.stars) for kept in ratings
    ]
    assert report.mean_stars == pytest.approx(sum(kept.stars for kept in ratings) / 7)
    shares = [told.share for told in report.telling]
    assert (len(shares), shares[0]) == (6, 1)
    assert shares == sorted(shares, reverse=True)
    assert all(told.film.title for told in report.telling)
    with translation.override("fr"):
        assert "Votre liste repose" in taste_of(look_at(Person(ratings=ratings))).beliefs[-1]


def test_people_of_the_data_are_known_and_others_refused(trained):
    report = taste_of(look_at(Person(movielens_user=3)))
    assert report.rating_count > 0
    assert len(report.history) <= 120
    with pytest.raises(UnknownPersonError):
        taste_of(look_at(Person(movielens_user=999_999)))
