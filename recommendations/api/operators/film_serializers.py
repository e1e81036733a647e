"""What the operations on films that came after training take and give."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from recommendations.api.fields import NumberField, StrictSerializer, TextField, WholeNumberField
from recommendations.api.paging import PageSerializer
from recommendations.api.schema import answer_example, request_example
from recommendations.api.vocabulary import VocabularyField
from recommendations.models.new_films import LONGEST_KEY
from recommendations.services.new_films import (
    EARLIEST_YEAR,
    LATEST_YEAR,
    LONGEST_NAME,
    LONGEST_OVERVIEW,
    LONGEST_TITLE,
    MOST_NAMES,
    NewFilmFacts,
)

MOST_FILMS = 500
KEY_PATTERN = r"^[^/\x00-\x1f\x7f]+$"


def _names(help_text: str) -> serializers.ListField:
    return serializers.ListField(
        child=TextField(max_length=LONGEST_NAME),
        required=False,
        default=list,
        max_length=MOST_NAMES,
        help_text=help_text,
    )


class NewFilmBody(StrictSerializer):
    """What is known of a film; what is left out is unknown."""

    title = TextField(max_length=LONGEST_TITLE, help_text="As it is shown.")
    year = WholeNumberField(
        required=False,
        allow_null=True,
        default=None,
        min_value=EARLIEST_YEAR,
        max_value=LATEST_YEAR,
        help_text="When it came out.",
    )
    genres = serializers.ListField(
        child=VocabularyField("genres"),
        required=False,
        default=list,
        max_length=MOST_NAMES,
        help_text="As the data of this site spell them.",
    )
    overview = TextField(
        required=False,
        allow_blank=True,
        default="",
        max_length=LONGEST_OVERVIEW,
        help_text="What it is about.",
    )
    directors = _names("Names.")
    cast = _names("Names, the most important first.")
    tags = _names("Words for it.")
    imdb_id = TextField(
        required=False,
        allow_blank=True,
        default="",
        max_length=12,
        pattern=r"^(tt[0-9]{7,10})?$",
        help_text="Its number at IMDb: `tt` and digits.",
    )
    tmdb_id = WholeNumberField(
        required=False,
        allow_null=True,
        default=None,
        min_value=1,
        max_value=2**31 - 1,
        help_text="Its number at TMDB.",
    )

    def validate_title(self, title: str) -> str:
        """Spaces alone are no title."""
        if not title.strip():
            raise serializers.ValidationError(_("title is empty; expected the title of the film."))
        return title.strip()

    def validate_imdb_id(self, number: str) -> str:
        """``tt`` and seven digits or more."""
        if number and not (
            number.startswith("tt") and number[2:].isascii() and number[2:].isdecimal() and len(number) > 8
        ):
            raise serializers.ValidationError(
                _("imdb_id is %(value)s; expected “tt” and at least seven digits.") % {"value": repr(number)}
            )
        return number

    def to_facts(self) -> NewFilmFacts:
        """What the service takes."""
        return facts_of(self.validated_data)


def facts_of(body: dict[str, Any]) -> NewFilmFacts:
    """The checked body as the service takes it."""
    values: dict[str, Any] = {
        name: tuple(dict.fromkeys(value)) if isinstance(value, list) else value
        for name, value in body.items()
        if name != "key"
    }
    return NewFilmFacts(**values)


class KeyedFilmBody(NewFilmBody):
    """A film of a batch."""

    key = TextField(max_length=LONGEST_KEY, pattern=KEY_PATTERN, help_text="Your key for the film.")

    def validate_key(self, key: str) -> str:
        """A key has to fit into an address."""
        if "/" in key or key in (".", "..") or key != key.strip():
            raise serializers.ValidationError(
                _("key is %(value)s; expected text without “/”, and without spaces around it.")
                % {"value": repr(key)}
            )
        return key


class FilmsBody(StrictSerializer):
    """Films of a batch."""

    films = serializers.ListField(
        child=KeyedFilmBody(), min_length=1, max_length=MOST_FILMS, help_text="Each key once."
    )

    def validate_films(self, films: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Each key once."""
        keys = [film["key"] for film in films]
        twice = next((key for key in keys if keys.count(key) > 1), None)
        if twice is not None:
            raise serializers.ValidationError(_("The key %(key)s is there twice.") % {"key": twice})
        return films


class NewFilmSerializer(serializers.Serializer):
    """A film that came after training."""

    movie_id = serializers.IntegerField(source="number", min_value=1, help_text="Its number on this site.")
    key = serializers.CharField()
    title = serializers.CharField(source="facts.title")
    year = serializers.IntegerField(source="facts.year", allow_null=True)
    genres = serializers.ListField(source="facts.genres", child=serializers.CharField())
    overview = serializers.CharField(source="facts.overview", allow_blank=True)
    directors = serializers.ListField(source="facts.directors", child=serializers.CharField())
    cast = serializers.ListField(source="facts.cast", child=serializers.CharField())
    tags = serializers.ListField(source="facts.tags", child=serializers.CharField())
    imdb_id = serializers.CharField(source="facts.imdb_id", allow_blank=True)
    tmdb_id = serializers.IntegerField(source="facts.tmdb_id", allow_null=True)
    created_at = serializers.DateTimeField(help_text="When its key was first put.")
    changed_at = serializers.DateTimeField()


class NewFilmPageSerializer(PageSerializer):
    """A page of films that came after training."""

    items = NewFilmSerializer(many=True)


class PutReportSerializer(serializers.Serializer):
    """What became of a batch."""

    created = serializers.IntegerField(min_value=0, help_text="Films that were new.")
    changed = serializers.IntegerField(min_value=0, help_text="Films that were there already.")
    items = NewFilmSerializer(many=True)


class ExposureBody(StrictSerializer):
    """How much of a list new films may have."""

    share = NumberField(
        min_value=0.0,
        max_value=1.0,
        help_text="0: they are found, but never recommended; 0.1: one place in ten, where they fit.",
    )


class ExposureSerializer(serializers.Serializer):
    """How much of a list new films may have."""

    share = serializers.FloatField(min_value=0, max_value=1)


_TOLD = {
    "title": "Snow in April",
    "year": 2026,
    "genres": ["Crime", "Comedy"],
    "overview": "Two brothers rob a savings bank in the snow, and everything goes wrong.",
    "directors": ["Ana Lind"],
    "cast": ["Jo Berg"],
    "tags": ["heist"],
}
_GIVEN = {
    "movie_id": 1_000_000_007,
    "key": "snow-2026",
    **_TOLD,
    "imdb_id": "",
    "tmdb_id": None,
    "created_at": "2026-01-31T20:15:00Z",
    "changed_at": "2026-01-31T20:15:00Z",
}
BODY = request_example("A film", _TOLD)
FILM = answer_example("The film", _GIVEN)
NEW = answer_example("The film, which is new", _GIVEN, 201)
FILMS = answer_example("One film", {"items": [_GIVEN], "total": 1, "next": None})
BATCH = request_example("Two films", {"films": [{"key": "snow-2026", **_TOLD}, {"key": "k2", "title": "K2"}]})
REPORT = answer_example("One new film", {"created": 1, "changed": 0, "items": [_GIVEN]})
EXPOSURE_BODY = request_example("One place in five", {"share": 0.2})
EXPOSURE = answer_example("One place in five", {"share": 0.2})
