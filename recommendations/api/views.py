"""The recommendation operations: thin over ``selectors.recommendations``."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from recommendations.api import examples
from recommendations.api.fields import StrictSerializer, shown
from recommendations.api.parsers import StrictJSONParser
from recommendations.api.problems import LengthRequiredError, problem_response
from recommendations.api.serializers import (
    KnownPersonQuery,
    NoQuery,
    PersonPreview,
    RecommendationListSerializer,
)
from recommendations.ranking.dials import Dials
from recommendations.selectors import catalogue, explanations, recommendations
from recommendations.selectors.people import Person


class OpenView(APIView):
    """Anyone may read; nobody's session is looked at, so there is no cross-site request to forge."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    parser_classes = (StrictJSONParser,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a body whose length is not told, instead of answering as if there were none."""
        if "Transfer-Encoding" in request.headers and not request.headers.get("Content-Length"):
            raise LengthRequiredError(_("Send the body in one piece, with the header Content-Length."))
        super().initial(request, *args, **kwargs)


def checked_query(request: Request, serializer_class: type[StrictSerializer]) -> StrictSerializer:
    """The query string, each name once, as a valid serializer.

    Raises
    ------
    ValidationError
    """
    sentence = _("%(name)s is given %(count)s times; give it once.")
    repeated = {
        name: [sentence % {"name": shown(name), "count": len(values)}]
        for name, values in request.query_params.lists()
        if len(values) > 1
    }
    if repeated:
        raise ValidationError(repeated)
    serializer = serializer_class(data=request.query_params.dict())
    serializer.is_valid(raise_exception=True)
    return serializer


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

    @extend_schema(
        operation_id="recommendations",
        summary="Films for a person of MovieLens",
        description="Ranked by the taste that the person's own ratings show. Seen films never appear.",
        tags=["Recommendations"],
        parameters=[KnownPersonQuery],
        responses={200: RecommendationListSerializer, **examples.problems(400, 404, 406, 503)},
        examples=[examples.RANKED_LIST, *examples.PROBLEMS],
    )
    def get(self, request: Request) -> Response:
        query = checked_query(request, KnownPersonQuery)
        return _ranked_list(query.to_person(), query.validated_data["k"])


class PreviewView(OpenView):
    """The list for somebody who is not in the data; nothing is stored."""

    http_method_names = ["post"]

    @extend_schema(
        operation_id="recommendations_preview",
        summary="Films for a newcomer",
        description=(
            "Ranked from age, gender and occupation, and from the first rating on also from the person's own "
            "taste. Every part may be left out. Nothing is stored. While Elasticsearch is away, the site ranks by "
            "itself and says so with `degraded`."
        ),
        tags=["Recommendations"],
        request=PersonPreview,
        responses={200: RecommendationListSerializer, **examples.problems(400, 406, 413, 415, 503)},
        examples=[
            *examples.PREVIEW_REQUESTS,
            examples.RANKED_LIST,
            *(example for example in examples.PROBLEMS if example.status_codes != ["404"]),
        ],
    )
    def post(self, request: Request) -> Response:
        checked_query(request, NoQuery)
        body = PersonPreview(data=request.data)
        body.is_valid(raise_exception=True)
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
