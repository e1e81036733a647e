"""What the operations on films take and give."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from recommendations.api.dials import DecadeField
from recommendations.api.fields import (
    NamedChoiceField,
    StrictSerializer,
    TextField,
    TruthField,
    WholeNumberField,
)
from recommendations.api.paging import PageQuery, PageSerializer
from recommendations.api.schema import answer_example
from recommendations.api.serializers import LARGEST_NUMBER
from recommendations.api.vocabulary import VocabularyField
from recommendations.selectors.catalogue import FILM_ORDERS, MAX_TEXT
from recommendations.stars import LEAST_STARS, MOST_STARS

MOST_SUGGESTIONS = 20


class FilmsQuery(PageQuery):
    """Which films, and in which order."""

    q = TextField(
        required=False,
        default="",
        allow_blank=True,
        max_length=MAX_TEXT,
        help_text="Title or part of it, or a number of IMDb; accents, case and small typing errors do not matter.",
    )
    genre = VocabularyField("genres", required=False, help_text="Films of this genre only.")
    decade = DecadeField(text=True, required=False, help_text="1990 for 1990 to 1999.")
    least_ratings = WholeNumberField(
        text=True,
        required=False,
        min_value=0,
        max_value=LARGEST_NUMBER,
        help_text="With at least so many ratings.",
    )
    most_ratings = WholeNumberField(
        text=True,
        required=False,
        min_value=0,
        max_value=LARGEST_NUMBER,
        help_text="With at most so many ratings.",
    )
    person = TextField(
        required=False,
        max_length=120,
        help_text="Films that somebody of this name directed or acts in; case and accents do not matter.",
    )
    language = TextField(
        required=False, max_length=60, help_text="Films in this language, as `language` of a film names it."
    )
    order = NamedChoiceField(
        required=False,
        default="best",
        choices=FILM_ORDERS,
        help_text="`best` match, best `known`, most `liked`, `newest` or `oldest` first.",
    )


class SuggestQuery(StrictSerializer):
    """A title that is still being typed."""

    q = TextField(max_length=MAX_TEXT, allow_blank=True, help_text="What has been typed.")
    limit = WholeNumberField(
        text=True, required=False, default=8, min_value=1, max_value=MOST_SUGGESTIONS, help_text="How many."
    )


class DescribedQuery(StrictSerializer):
    """What a film is about, in words."""

    q = TextField(max_length=MAX_TEXT, help_text="What the films are about: `heist film with a twist`.")
    limit = WholeNumberField(
        text=True, required=False, default=12, min_value=1, max_value=50, help_text="How many."
    )
    genre = VocabularyField("genres", required=False, help_text="Films of this genre only.")
    decade = DecadeField(text=True, required=False, help_text="1990 for 1990 to 1999.")
    user = WholeNumberField(
        text=True,
        required=False,
        min_value=1,
        max_value=LARGEST_NUMBER,
        help_text="A person of the data: films that suit them come first.",
    )
    for_me = TruthField(
        text=True,
        required=False,
        default=False,
        help_text="Films that suit whoever asks come first; needs a token.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse two people at once."""
        if attrs["for_me"] and "user" in attrs:
            raise serializers.ValidationError({"for_me": [_("for_me and user cannot go together.")]})
        return attrs


class SimilarQuery(StrictSerializer):
    """How many similar films."""

    k = WholeNumberField(
        text=True, required=False, default=10, min_value=1, max_value=50, help_text="How many films."
    )


class FilmSerializer(serializers.Serializer):
    """A film as lists and searches show it."""

    movie_id = serializers.IntegerField(min_value=1, help_text="The film’s number on this site.")
    key = serializers.CharField(help_text="What the data call the film.")
    title = serializers.CharField()
    year = serializers.IntegerField(allow_null=True)
    genres = serializers.ListField(child=serializers.CharField())


class FilmPageSerializer(PageSerializer):
    """A page of films."""

    items = FilmSerializer(many=True)
    degraded = serializers.BooleanField(
        help_text="True while Elasticsearch is away and the database searches."
    )


class FilmListSerializer(serializers.Serializer):
    """Some films, best first."""

    items = FilmSerializer(many=True)


class DescribedFilmSerializer(FilmSerializer):
    """A film that fits a description."""

    overview = serializers.CharField(allow_blank=True, help_text="How the film’s overview begins.")
    overview_source = serializers.CharField(allow_blank=True, help_text="Who wrote the overview.")
    found_by = serializers.ListField(
        child=serializers.CharField(),
        help_text="Which ways found it: `words`, `meaning` (of the whole sentence), or both.",
    )


class DescribedListSerializer(serializers.Serializer):
    """Films that fit a description, best first."""

    items = DescribedFilmSerializer(many=True)
    ways = serializers.ListField(
        child=serializers.CharField(),
        help_text="The ways that were searched, `words` and `meaning`; `meaning` is missing where the model of sentences is not installed.",
    )
    degraded = serializers.BooleanField(help_text="True while Elasticsearch is away: then nothing is found.")


class LinkSerializer(serializers.Serializer):
    """A film at another place."""

    name = serializers.CharField()
    url = serializers.CharField()


class FilmDetailSerializer(FilmSerializer):
    """A film, what its ratings say, and what is known of it; texts and lists of what is not known are empty."""

    overview = serializers.CharField(allow_blank=True)
    overview_source = serializers.CharField(allow_blank=True, help_text="Who wrote the overview.")
    overview_url = serializers.CharField(allow_blank=True)
    directors = serializers.ListField(child=serializers.CharField())
    cast = serializers.ListField(child=serializers.CharField())
    language = serializers.CharField(allow_blank=True)
    countries = serializers.ListField(child=serializers.CharField())
    runtime = serializers.IntegerField(allow_null=True, help_text="Minutes.")
    tags = serializers.ListField(child=serializers.CharField())
    alternative_titles = serializers.ListField(child=serializers.CharField())
    imdb_id = serializers.CharField(allow_blank=True)
    tmdb_id = serializers.IntegerField(allow_null=True)
    links = LinkSerializer(many=True)
    rating_count = serializers.IntegerField(min_value=0)
    mean_stars = serializers.FloatField(allow_null=True, min_value=LEAST_STARS, max_value=MOST_STARS)
    like_share = serializers.FloatField(
        min_value=0, max_value=1, help_text="The share of people who like it."
    )
    histogram = serializers.ListField(
        child=serializers.IntegerField(min_value=0),
        help_text=(
            "How many ratings have 1, 2, 3, 4 and 5 stars, or 0.5, 1, 1.5 … 5 where the data have half stars; "
            "empty if not known."
        ),
    )


class SimilarFilmSerializer(FilmSerializer):
    """A film that is like another."""

    weight = serializers.FloatField(help_text="How much a rating of the other film raises this one.")
    reason = serializers.CharField(help_text="One line, in the language of the request.")


class SimilarListSerializer(serializers.Serializer):
    """Films that are like another, best first."""

    items = SimilarFilmSerializer(many=True)


STAR_WARS = {
    "movie_id": 50,
    "key": "50",
    "title": "Star Wars",
    "year": 1977,
    "genres": ["Action", "Adventure", "Romance", "Sci-Fi", "War"],
}
PAGE = answer_example("The first page", {"items": [STAR_WARS], "degraded": False, "total": 1, "next": None})
FILMS = answer_example("One film", {"items": [STAR_WARS]})
DESCRIBED = answer_example(
    "One film",
    {
        "items": [
            {
                **STAR_WARS,
                "overview": "A farm boy joins a rebellion.",
                "overview_source": "Wikipedia",
                "found_by": ["words", "meaning"],
            }
        ],
        "ways": ["words", "meaning"],
        "degraded": False,
    },
)
FILM = answer_example(
    "A film",
    {
        **STAR_WARS,
        "overview": "A farm boy joins a rebellion.",
        "overview_source": "Wikipedia",
        "overview_url": "https://en.wikipedia.org/wiki/Star_Wars_(film)",
        "directors": ["George Lucas"],
        "cast": ["Mark Hamill", "Harrison Ford", "Carrie Fisher"],
        "language": "English",
        "countries": ["United States"],
        "runtime": 121,
        "tags": [],
        "alternative_titles": [],
        "imdb_id": "tt0076759",
        "tmdb_id": 11,
        "links": [
            {"name": "IMDb", "url": "https://www.imdb.com/title/tt0076759/"},
            {"name": "TMDB", "url": "https://www.themoviedb.org/movie/11"},
        ],
        "rating_count": 583,
        "mean_stars": 4.36,
        "like_share": 0.51,
        "histogram": [9, 16, 57, 176, 325],
    },
)
SIMILAR = answer_example(
    "One film",
    {
        "items": [
            {
                "movie_id": 172,
                "key": "172",
                "title": "The Empire Strikes Back",
                "year": 1980,
                "genres": ["Action", "Adventure"],
                "weight": 0.31,
                "reason": "Who likes Star Wars likes it as well; both are: Action, Adventure.",
            }
        ]
    },
)
