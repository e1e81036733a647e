"""Films that came after training: put, changed and withdrawn by their keys, and how much of a list they may have."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import user_of
from recommendations.api.base import NoQuery, OperatorView, checked_body, checked_query
from recommendations.api.operators import film_serializers
from recommendations.api.operators.film_serializers import (
    KEY_PATTERN,
    MOST_FILMS,
    ExposureBody,
    ExposureSerializer,
    FilmsBody,
    KeyedFilmBody,
    NewFilmBody,
    NewFilmPageSerializer,
    NewFilmSerializer,
    PutReportSerializer,
    facts_of,
)
from recommendations.api.paging import PageQuery
from recommendations.api.schema import described
from recommendations.api.throttles import ExpensiveThrottle
from recommendations.models import NewFilmsState
from recommendations.models.new_films import LONGEST_KEY
from recommendations.selectors.new_films import new_film, new_films
from recommendations.services.new_films import put_films, set_exposure, withdraw_film

KEY = OpenApiParameter(
    "key",
    {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": KEY_PATTERN},
    OpenApiParameter.PATH,
    description="Your key for the film: 1 to 100 characters, percent-encoded, without `/`.",
)
_RIGHTS = {
    "GET": "recommendations.view_newfilm",
    "PUT": "recommendations.change_newfilm",
    "DELETE": "recommendations.delete_newfilm",
}
_SOON = "Searches find it at once, and within a minute it is in the lists of people whose taste it fits, without any training."


def _checked_key(key: str) -> str:
    """The key of an address, by the rules of a batch.

    Raises
    ------
    ValidationError
    """
    field = KeyedFilmBody().fields["key"]
    try:
        return KeyedFilmBody().validate_key(field.run_validation(key))
    except ValidationError as error:
        raise ValidationError({"key": error.detail}) from error


class NewFilmsView(OperatorView):
    """All of them."""

    http_method_names = ["get", "head", "put"]
    rights = _RIGHTS

    def get_throttles(self) -> list[Any]:
        """A batch counts as what takes long."""
        extra = [ExpensiveThrottle()] if self.request.method == "PUT" else []
        return [*super().get_throttles(), *extra]

    @described(
        operation_id="catalogue_films_list",
        summary="Films put after training",
        description="Newest first, in pages; without those that were withdrawn.",
        tags=["Operation"],
        parameters=[PageQuery],
        answers={200: NewFilmPageSerializer},
        examples=[film_serializers.FILMS],
    )
    def get(self, request: Request) -> Response:
        query = checked_query(request, PageQuery)
        offset, limit = query.offset(), query.validated_data["limit"]
        rows = new_films()
        page, total = rows[offset : offset + limit], rows.count()
        following = query.next_cursor(offset=offset, found=len(page), total=total)
        return Response(NewFilmPageSerializer({"items": page, "total": total, "next": following}).data)

    @described(
        operation_id="catalogue_films_put_many",
        summary="Put or change many films",
        description=f"At most {MOST_FILMS}, all of them or none; each as `PUT /api/v1/catalogue/films/{{key}}/`.",
        tags=["Operation"],
        request=FilmsBody,
        answers={200: PutReportSerializer},
        problems=(409,),
        examples=[film_serializers.BATCH, film_serializers.REPORT],
    )
    def put(self, request: Request) -> Response:
        films = checked_body(request, FilmsBody).validated_data["films"]
        done = put_films(films=[(film["key"], facts_of(film)) for film in films], by=user_of(request))
        created = sum(made for _, made in done)
        report = {"created": created, "changed": len(done) - created, "items": [film for film, _ in done]}
        return Response(PutReportSerializer(report).data)


class NewFilmView(OperatorView):
    """One film put after training, by its key: read, put or withdrawn."""

    http_method_names = ["get", "head", "put", "delete"]
    rights = _RIGHTS

    @described(
        operation_id="catalogue_films_read",
        summary="A film put after training",
        description="As it was put. 404 if there is none with this key, or if it was withdrawn.",
        tags=["Operation"],
        parameters=[KEY],
        answers={200: NewFilmSerializer},
        problems=(404,),
        examples=[film_serializers.FILM],
    )
    def get(self, request: Request, key: str) -> Response:
        checked_query(request, NoQuery)
        return Response(NewFilmSerializer(new_film(key=_checked_key(key))).data)

    @described(
        operation_id="catalogue_films_put",
        summary="Put or change a film",
        description=(
            f"{_SOON} What is left out is unknown from now on. 201 if the film is new; 409 if the catalogue has it from the "
            "data or under another key. A film that was withdrawn comes back with what people said of it."
        ),
        tags=["Operation"],
        parameters=[KEY],
        request=NewFilmBody,
        answers={200: NewFilmSerializer, 201: NewFilmSerializer},
        problems=(409,),
        examples=[film_serializers.BODY, film_serializers.FILM, film_serializers.NEW],
    )
    def put(self, request: Request, key: str) -> Response:
        body, key = checked_body(request, NewFilmBody), _checked_key(key)
        [(film, made)] = put_films(films=[(key, body.to_facts())], by=user_of(request))
        return Response(NewFilmSerializer(film).data, status=201 if made else 200)

    @described(
        operation_id="catalogue_films_withdraw",
        summary="Withdraw a film",
        description=(
            "It is no longer found or recommended. What people said of it is kept, and comes back if its key is put again."
        ),
        tags=["Operation"],
        parameters=[KEY],
        answers={204: None},
        problems=(404,),
        examples=[],
    )
    def delete(self, request: Request, key: str) -> Response:
        checked_query(request, NoQuery)
        withdraw_film(key=_checked_key(key), by=user_of(request))
        return Response(status=204)


class ExposureView(OperatorView):
    """The share of a list that new films may have."""

    http_method_names = ["get", "head", "put"]
    rights = {
        "GET": "recommendations.view_newfilmsstate",
        "PUT": "recommendations.change_newfilmsstate",
    }

    @described(
        operation_id="catalogue_exposure_read",
        summary="Exposure of new films",
        description="How much of a list films put after training may have.",
        tags=["Operation"],
        answers={200: ExposureSerializer},
        examples=[film_serializers.EXPOSURE],
    )
    def get(self, request: Request) -> Response:
        checked_query(request, NoQuery)
        return Response(ExposureSerializer(NewFilmsState.now()).data)

    @described(
        operation_id="catalogue_exposure_put",
        summary="Change the exposure of new films",
        description="It holds for every list that is made from now on.",
        tags=["Operation"],
        request=ExposureBody,
        answers={200: ExposureSerializer},
        examples=[film_serializers.EXPOSURE_BODY, film_serializers.EXPOSURE],
    )
    def put(self, request: Request) -> Response:
        values = checked_body(request, ExposureBody).validated_data
        return Response(ExposureSerializer(set_exposure(share=values["share"], by=user_of(request))).data)
