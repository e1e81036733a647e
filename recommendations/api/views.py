"""The recommendation operations: thin over ``selectors.recommendations``."""

from __future__ import annotations

from dataclasses import asdict

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from recommendations.api import examples
from recommendations.api.base import ExpensiveOpenView, OpenView, checked_body, checked_query
from recommendations.api.problems import problem_response
from recommendations.api.schema import described
from recommendations.api.serializers import (
    KnownPersonQuery,
    PersonPreview,
    RecommendationListSerializer,
)
from recommendations.ranking.dials import Dials
from recommendations.selectors import catalogue, explanations, recommendations
from recommendations.selectors.people import Person


def _ranked_list(person: Person, k: int, dials: Dials | None = None, explain: bool = False) -> Response:
    ranked = recommendations.recommendations_for(person=person, k=k, dials=dials)
    told = asdict(ranked)
    if explain:
        numbers = [item.movie_id for item in ranked.items]
        found = explanations.explanations_for(person=person, movie_ids=numbers, dials=dials)
        for item, explanation in zip(told["items"], found, strict=True):
            item["explanation"] = explanation.parts
    return Response(RecommendationListSerializer(told).data)


class RecommendationsView(OpenView):
    """The list for a person of the data."""

    http_method_names = ["get", "head"]

    @described(
        signed_in=False,
        operation_id="recommendations",
        summary="Films for a person of MovieLens",
        description="Ranked by the taste that the person's own ratings show. Seen films never appear.",
        tags=["Recommendations"],
        parameters=[KnownPersonQuery],
        answers={200: RecommendationListSerializer},
        problems=(404, 503),
        examples=[examples.RANKED_LIST, examples.UNKNOWN_PERSON],
    )
    def get(self, request: Request) -> Response:
        query = checked_query(request, KnownPersonQuery)
        return _ranked_list(query.to_person(), query.validated_data["k"])


class PreviewView(ExpensiveOpenView):
    """The list for somebody who is not in the data; nothing is stored."""

    http_method_names = ["post"]

    @described(
        signed_in=False,
        operation_id="recommendations_preview",
        summary="Films for a newcomer",
        description=(
            "Ranked from age, gender and occupation, and from the first rating on also from the person's own "
            "taste. Every part may be left out. Nothing is stored. While Elasticsearch is away, the site ranks by "
            "itself and says so with `degraded`."
        ),
        tags=["Recommendations"],
        request=PersonPreview,
        answers={200: RecommendationListSerializer},
        problems=(503,),
        examples=[*examples.PREVIEW_REQUESTS, examples.RANKED_LIST],
    )
    def post(self, request: Request) -> Response:
        body = checked_body(request, PersonPreview)
        person = body.to_person()
        _refuse_unknown_films(body.validated_data.get("ratings", ()))
        told = body.validated_data
        return _ranked_list(person, told["k"], body.to_dials(), told["explain"])


def _refuse_unknown_films(ratings: list[dict[str, int]]) -> None:
    """A rating of a film that does not exist would be dropped silently by the ranking; say it instead."""
    unknown = catalogue.unknown_films(movie_ids={rating["movie_id"] for rating in ratings})
    sentence = _("movie_id is %(value)s; no film of the catalogue has this number.")
    errors = {
        position: {"movie_id": [sentence % {"value": rating["movie_id"]}]}
        for position, rating in enumerate(ratings)
        if rating["movie_id"] in unknown
    }
    if errors:
        raise ValidationError({"ratings": errors})


@csrf_exempt
def unknown_route(request: HttpRequest) -> HttpResponse:
    """404 for every address under ``/api/`` that is no operation."""
    sentence = _("There is nothing at this address. The operations are described at %(docs)s.")
    detail = sentence % {"docs": reverse("api:docs")}
    slashed = request.path_info + "/"
    if not request.path_info.endswith("/") and _is_operation(slashed):
        detail = _("There is nothing at this address. Did you mean %(address)s?") % {"address": slashed}
    return problem_response(kind="not-found", title=_("Not found"), status=404, detail=detail)


def _is_operation(path: str) -> bool:
    try:
        return resolve(path, settings.ROOT_URLCONF).func is not unknown_route
    except Resolver404:
        return False
