"""What the operations on a person's own ratings and marks take and give."""

from __future__ import annotations

from rest_framework import serializers

from recommendations.api.fields import StrictSerializer
from recommendations.api.films.serializers import STAR_WARS, FilmSerializer
from recommendations.api.paging import PageSerializer
from recommendations.api.schema import answer_example, request_example
from recommendations.api.serializers import MAX_RATINGS, RatedMovieSerializer
from recommendations.api.vocabulary import GivenStarsField, StarsField


class StarsBody(StrictSerializer):
    """A rating."""

    stars = StarsField()


class RatingsBody(StrictSerializer):
    """Several ratings."""

    ratings = RatedMovieSerializer(  # type: ignore[call-arg]  # with many=True those of a list, which the stubs do not know
        many=True,
        allow_empty=False,
        max_length=MAX_RATINGS,
        help_text="Of two of a film the later one counts.",
    )


class MyRatingSerializer(FilmSerializer):
    """A film that I rated."""

    stars = GivenStarsField()
    rated_at = serializers.DateTimeField()


class MyRatingPageSerializer(PageSerializer):
    """A page of my ratings, newest first."""

    items = MyRatingSerializer(many=True)


class MarkedPageSerializer(PageSerializer):
    """A page of films that I marked, newest first."""

    items = FilmSerializer(many=True)


class MergedSerializer(serializers.Serializer):
    """What became of several ratings."""

    added = serializers.IntegerField(min_value=0)
    changed = serializers.IntegerField(min_value=0)
    kept = serializers.IntegerField(min_value=0, help_text="They were the same before.")


_RATING = {**STAR_WARS, "stars": 5, "rated_at": "2026-01-01T12:00:00Z"}
RATINGS = answer_example("One rating", {"items": [_RATING], "total": 1, "next": None})
RATING = answer_example("A rating", _RATING)
STARS = request_example("Great", {"stars": 5})
SEVERAL = request_example(
    "Two ratings", {"ratings": [{"movie_id": 50, "stars": 5}, {"movie_id": 181, "stars": 4}]}
)
MERGED = answer_example("Both are new", {"added": 2, "changed": 0, "kept": 0})
IMPORTED = answer_example(
    "One film, which is new",
    {"added": 1, "changed": 0, "kept": 0, "listed": 0, "seen": 0, "liked": 0, "in_lists": 0, "number": 12},
)
MARKED = answer_example("One film", {"items": [STAR_WARS], "total": 1, "next": None})
CHANGED_PROFILE = request_example("Another age, and no occupation", {"age": 31, "occupation": None})
TASTE = answer_example(
    "After one rating",
    {
        "beliefs": ["You like more than most people do: Sci-Fi."],
        "profile_weight": 0.6,
        "rating_count": 1,
        "mean_stars": 5.0,
        "genres": [{"genre": "Sci-Fi", "affinity": 3.9, "average": 3.5, "rating_count": 1}],
        "telling_ratings": [{"movie_id": 50, "title": "Star Wars", "stars": 5, "influence": 1.0}],
    },
)


__all__ = ["APPLY", "DELETION", "EXPORT", "FILE", "IMPORTED", "MERGED", "PREVIEW"]
_FILM = {"movie_id": 50, "title": "Star Wars", "year": 1977}
FILE = request_example(
    "Of Letterboxd",
    {"content": "Date,Name,Year,Letterboxd URI,Rating\n2020-01-01,Star Wars,1977,https://boxd.it/2a7O,4.5\n"},
)
PREVIEW = answer_example(
    "One film, recognised",
    {
        "source": "Letterboxd",
        "sure": [{"film": _FILM, "stars": 4, "own_stars": None, "written": "4.5", "title": ""}],
        "watchlist": [],
        "doubts": [],
        "doubts_left_out": 0,
        "missing": [],
        "missing_count": 0,
        "unrated": 0,
        "series": 0,
        "undated": 0,
        "rounded": 1,
        "fault_count": 0,
        "seen": 0,
        "likes": 0,
        "lists": {},
        "token": "eyJ1c2VyIjo3fQ:1abc:signature",
    },
)
APPLY = request_example(
    "With one decision", {"token": "eyJ1c2VyIjo3fQ:1abc:signature", "decisions": {"3": 50}}
)
EXPORT = answer_example(
    "An account with one rating",
    {
        "format": "movierec-account-1",
        "account": {"name": "ann"},
        "ratings": [{**_FILM, "stars": 5, "rated_at": "2026-01-01T12:00:00+00:00"}],
    },
)
DELETION = request_example("With the password", {"password": "a long sentence"})
