"""What the recommendation operations take and give. Help texts go into the schema, which is in English."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework import serializers

from recommendations.api.dials import DialsQuery, DialsSerializer
from recommendations.api.fields import (
    NamedChoiceField,
    StrictSerializer,
    TextField,
    TruthField,
    WholeNumberField,
    shown,
)
from recommendations.api.filters import FilterField, FilterText
from recommendations.api.vocabulary import AgeField, StarsField, VocabularyField
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.dials import LIST_KINDS, NEXT, Dials
from recommendations.selectors.lists.person import Mark, Person, RatedMovie, history_of

DEFAULT_LENGTH = 10
MAX_RATINGS = 2_000
MAX_HIDDEN = 2_000
MAX_PEOPLE = 50
LARGEST_NUMBER = 2**31 - 1
DEFAULT_PARTS, MOST_PARTS = 10, 100
# Of all films of an answer together: about a megabyte.
MOST_PARTS_OF_AN_ANSWER = 10_000


def length_field(**kwargs: Any) -> WholeNumberField:
    """How many films a list has."""
    return WholeNumberField(
        required=False,
        default=DEFAULT_LENGTH,
        min_value=1,
        max_value=settings.RECOMMENDATIONS_MAX_K,
        help_text="How many films.",
        **kwargs,
    )


def kind_field() -> NamedChoiceField:
    """By what a list is ranked."""
    return NamedChoiceField(
        required=False,
        default=NEXT,
        choices=LIST_KINDS,
        help_text=(
            "`like`: films that the person will like, by predicted stars. `next`: what people like them watch next, by the "
            "score. `bold`: by the score, unlike each other and less obvious."
        ),
    )


def explain_field(**kwargs: Any) -> TruthField:
    """Whether a list explains itself."""
    return TruthField(
        required=False,
        default=False,
        help_text="Whether each film comes with the parts of its score.",
        **kwargs,
    )


def explain_limit_field(**kwargs: Any) -> WholeNumberField:
    """How many parts of a score an explanation names."""
    return WholeNumberField(
        required=False,
        default=DEFAULT_PARTS,
        min_value=1,
        max_value=MOST_PARTS,
        help_text=(
            "How many parts each explanation names, the strongest ones; the others come as one sum. All explanations "
            f"of an answer together name at most {MOST_PARTS_OF_AN_ANSWER}."
        ),
        **kwargs,
    )


def _refuse_too_long(values: Mapping[str, Any], people: int) -> None:
    parts = values["k"] * values["explain_limit"] * people
    if values["explain"] and parts > MOST_PARTS_OF_AN_ANSWER:
        sentence = _(
            "The explanations of this answer may have %(parts)s parts; %(most)s is the most. Lower explain_limit, k, "
            "or the number of people."
        )
        numbers = {"parts": parts, "most": MOST_PARTS_OF_AN_ANSWER}
        raise serializers.ValidationError({"explain_limit": [sentence % numbers]})


def _refuse_repeated_ids(people: list[Mapping[str, Any]]) -> None:
    first: dict[str, int] = {}
    errors: dict[Any, Any] = {}
    for place, person in enumerate(people):
        if "id" in person and first.setdefault(person["id"], place) != place:
            sentence = _("id is %(value)s, as that of people[%(place)s]; give each person another one.")
            details = {"value": shown(person["id"]), "place": first[person["id"]]}
            errors[place] = {"id": [sentence % details]}
    if errors:
        raise serializers.ValidationError({"people": errors})


class ListQuery(DialsQuery):
    """The query string of a list."""

    explain = explain_field(text=True)
    explain_limit = explain_limit_field(text=True)
    filter = FilterText()
    k = length_field(text=True)
    kind = kind_field()


class KnownPersonQuery(ListQuery):
    """The query string of a list for a person of the data."""

    user = WholeNumberField(
        text=True, min_value=1, max_value=LARGEST_NUMBER, help_text="MovieLens user number."
    )

    def to_person(self) -> Person:
        """The person of a valid query."""
        return Person(movielens_user=self.validated_data["user"])


class RatedMovieSerializer(StrictSerializer):
    """One rating of a person."""

    movie_id = WholeNumberField(min_value=1, max_value=LARGEST_NUMBER, help_text="MovieLens film number.")
    stars = StarsField()


def unknown_film_errors(ratings: Iterable[Mapping[str, Any]], unknown: Collection[int]) -> dict[Any, Any]:
    """The errors of those ``ratings`` that are of ``unknown`` films, by place.

    The ranking would leave such a rating out in silence.
    """
    sentence = _("movie_id is %(value)s; no film of the catalogue has this number.")
    return {
        place: {"movie_id": [sentence % {"value": rating["movie_id"]}]}
        for place, rating in enumerate(ratings)
        if rating["movie_id"] in unknown
    }


class DemographicsFields(StrictSerializer):
    """What somebody may tell about themselves."""

    age = AgeField(required=False, allow_null=True, help_text="In years, if the data know ages.")
    gender = VocabularyField(
        "genders", required=False, allow_null=True, help_text="A gender that the data know."
    )
    occupation = VocabularyField(
        "occupations", required=False, allow_null=True, help_text="An occupation that the data know."
    )


def _film_numbers(help_text: str) -> serializers.ListField:
    """MovieLens numbers of films that may be left out."""
    return serializers.ListField(
        child=WholeNumberField(min_value=1, max_value=LARGEST_NUMBER),
        required=False,
        max_length=MAX_HIDDEN,
        help_text=help_text,
    )


class TellingPerson(DemographicsFields):
    """What somebody tells about themselves, and what they rated."""

    ratings = RatedMovieSerializer(  # type: ignore[call-arg]  # with many=True those of a list, which the stubs do not know
        many=True,
        required=False,
        max_length=MAX_RATINGS,
        help_text="Oldest first. A film that comes again replaces its earlier rating.",
    )
    hidden = _film_numbers("MovieLens numbers of films that are not to be shown.")
    seen = _film_numbers(
        "Films that were seen and got no stars: not shown, and a little interest. A film with stars needs no mark."
    )
    less_like = _film_numbers("Films of which less is wanted: not shown, and films like them come later.")

    @staticmethod
    def person_of(values: Mapping[str, Any]) -> Person:
        """The person of valid data; of two ratings of one film the later one counts, at its place."""
        latest: dict[int, float] = {}
        for rating in values.get("ratings", ()):
            latest.pop(rating["movie_id"], None)
            latest[rating["movie_id"]] = rating["stars"]
        return Person(
            movielens_user=values.get("user"),
            demographics=Demographics(
                age=values.get("age"), gender=values.get("gender"), occupation=values.get("occupation")
            ),
            ratings=history_of(
                (RatedMovie(movie_id=movie, stars=stars) for movie, stars in latest.items()),
                [
                    *(RatedMovie.marked(movie, Mark.SEEN) for movie in values.get("seen", ())),
                    *(RatedMovie.marked(movie, Mark.LESS) for movie in values.get("less_like", ())),
                ],
                {},
            ),
            hidden=frozenset(values.get("hidden", ())),
        )


class PersonPreview(TellingPerson):
    """Somebody who is not in the data."""

    dials = DialsSerializer(required=False, help_text="Wishes for this list; all of them neutral by default.")
    filter = FilterField()
    explain = explain_field()
    explain_limit = explain_limit_field()
    k = length_field()
    kind = kind_field()

    def to_dials(self) -> Dials:
        """The dials of a valid body."""
        return DialsSerializer.to_dials(self.validated_data.get("dials", {}))

    def to_person(self) -> Person:
        """The person of a valid body."""
        return self.person_of(self.validated_data)


class BatchPerson(TellingPerson):
    """One person of several: of the data (with ratings since), or somebody new."""

    id = TextField(
        required=False, max_length=100, help_text="Given back with the list; each one for one person only."
    )
    user = WholeNumberField(
        required=False,
        min_value=1,
        max_value=LARGEST_NUMBER,
        help_text="MovieLens user number; then without age, gender and occupation, which the data tell.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """The data tell age, gender and occupation of their people: nothing is taken in to be ignored."""
        sentence = _("%(name)s and user do not go together: the data tell it. Leave one of the two out.")
        given = [name for name in ("age", "gender", "occupation") if attrs.get(name) is not None]
        if attrs.get("user") is not None and given:
            raise serializers.ValidationError({name: [sentence % {"name": name}] for name in given})
        return attrs


class BatchRequest(StrictSerializer):
    """Several people, and what holds for all of their lists."""

    people = BatchPerson(  # type: ignore[call-arg]  # with many=True those of a list, which the stubs do not know
        many=True, allow_empty=False, max_length=MAX_PEOPLE, help_text="Whom the lists are for."
    )
    dials = DialsSerializer(required=False, help_text="Wishes for these lists.")
    filter = FilterField()
    explain = explain_field()
    explain_limit = explain_limit_field()
    k = length_field()
    kind = kind_field()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        _refuse_repeated_ids(attrs["people"])
        _refuse_too_long(attrs, len(attrs["people"]))
        return attrs


class FieldErrorSerializer(serializers.Serializer):
    """A field of the request and what is wrong with it."""

    field = serializers.CharField(help_text="Its path, such as ratings[2].stars.")
    message = serializers.CharField()


class ProblemSerializer(serializers.Serializer):
    """A failure, as RFC 9457 defines it."""

    type = serializers.CharField(
        help_text="`urn:movierec:problem:…`: the kind of failure, stable, for programs."
    )
    title = serializers.CharField()
    status = serializers.IntegerField(min_value=400, max_value=599)
    detail = serializers.CharField(help_text="One clear sentence.")
    errors = FieldErrorSerializer(  # type: ignore[assignment]  # a name in JSON
        many=True, help_text="Empty if it is about no field."
    )
