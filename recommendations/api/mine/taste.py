"""My taste: what the model believes about me, and which ratings say most."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import user_of
from recommendations.api.base import NoQuery, SignedInView, checked_query
from recommendations.api.mine.serializers import TASTE
from recommendations.api.schema import described
from recommendations.api.vocabulary import GivenStarsField
from recommendations.selectors.lists import world
from recommendations.selectors.lists.taste import TasteReport, taste_of
from recommendations.selectors.viewers import person_of_user


class GenreTasteSerializer(serializers.Serializer):
    """What I think of a genre, beside what everybody does."""

    genre = serializers.CharField(help_text="Its MovieLens name.")
    affinity = serializers.FloatField(
        help_text="Mine, in stars; with few ratings near that of people like me."
    )
    average = serializers.FloatField(help_text="Everybody's, in stars.")
    rating_count = serializers.IntegerField(min_value=0, help_text="My ratings of films of this genre.")


class TellingRatingSerializer(serializers.Serializer):
    """A rating that says much about me."""

    movie_id = serializers.IntegerField(min_value=1, help_text="MovieLens film number.")
    title = serializers.CharField()
    stars = GivenStarsField()
    influence = serializers.FloatField(
        min_value=0, max_value=1, help_text="On my list, beside that of my most influential rating."
    )


class TasteSerializer(serializers.Serializer):
    """What the model makes of me."""

    beliefs = serializers.ListField(
        child=serializers.CharField(), help_text="Sentences in the language of the request."
    )
    profile_weight = serializers.FloatField(
        min_value=0,
        max_value=1,
        help_text="How much of my list rests on demographics rather than on ratings.",
    )
    rating_count = serializers.IntegerField(min_value=0)
    mean_stars = serializers.FloatField(allow_null=True)
    genres = GenreTasteSerializer(many=True, help_text="The best liked first.")
    telling_ratings = TellingRatingSerializer(many=True, help_text="The most influential first.")


class TasteView(SignedInView):
    """What the model believes about whoever asks."""

    http_method_names = ["get", "head"]

    @described(
        operation_id="me_taste",
        summary="My taste",
        description="What the model believes about me in words and figures, and which of my ratings say most.",
        tags=["Mine"],
        answers={200: TasteSerializer},
        problems=(503,),
        examples=[TASTE],
    )
    def get(self, request: Request) -> Response:
        checked_query(request, NoQuery)
        return Response(_as_dict(taste_of(world.look_at(person_of_user(user=user_of(request))))))


def _as_dict(report: TasteReport) -> dict[str, Any]:
    return {
        "beliefs": report.beliefs,
        "profile_weight": report.profile_weight,
        "rating_count": report.rating_count,
        "mean_stars": report.mean_stars,
        "genres": [
            {
                "genre": bar.name,
                "affinity": bar.affinity,
                "average": bar.average,
                "rating_count": bar.count,
            }
            for bar in report.genres
        ],
        "telling_ratings": [
            {
                "movie_id": rated.film.movie_id,
                "title": rated.film.title,
                "stars": rated.stars,
                "influence": rated.share,
            }
            for rated in report.telling
        ],
    }
