"""One person of another site: made, read, deleted, and the list for them."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from recommendations.api.base import NoQuery, ServiceView, checked_body, checked_query
from recommendations.api.dials import DialsSerializer
from recommendations.api.examples import RANKED_LIST
from recommendations.api.lists import RecommendationListSerializer
from recommendations.api.other_sites import examples
from recommendations.api.other_sites.serializers import (
    PersonBody,
    PersonSerializer,
    PersonsListBody,
    PersonsListQuery,
)
from recommendations.api.permissions import Scope
from recommendations.api.schema import described
from recommendations.api.views import ranked_answer
from recommendations.models import ServicePerson
from recommendations.models.other_sites import LONGEST_KEY
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.dials import Dials
from recommendations.selectors.lists.arms import arm_for
from recommendations.selectors.other_sites import counts_of_person, ranked_as, service_person
from recommendations.services.events.owners import Owner
from recommendations.services.other_sites.people import delete_person, put_person

KEY = OpenApiParameter(
    "key",
    {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[^/]+$"},
    OpenApiParameter.PATH,
    description="The key of the other site for the person: 1 to 128 characters, percent-encoded, without `/`.",
)


def _as_dict(person: ServicePerson) -> dict[str, Any]:
    return {
        "key": person.key,
        "age": person.age,
        "gender": person.gender or None,
        "occupation": person.occupation or None,
        "created_at": person.created_at,
        "updated_at": person.updated_at,
        "counts": counts_of_person(person=person),
    }


class PersonView(ServiceView):
    """Somebody, by the site's own key."""

    http_method_names = ["get", "head", "put", "delete"]

    @described(
        operation_id="people_read",
        summary="Somebody of my site",
        description="What is kept about them. 404 if there is nobody with this key.",
        tags=["Other sites"],
        parameters=[KEY],
        answers={200: PersonSerializer},
        problems=(404,),
        examples=[examples.PERSON],
    )
    def get(self, request: Request, key: str) -> Response:
        checked_query(request, NoQuery)
        return Response(PersonSerializer(_as_dict(service_person(service=self.service, key=key))).data)

    @described(
        operation_id="people_put",
        summary="Make or change somebody of my site",
        description=(
            "No password and no e-mail; what is left out is unknown from now on. Ratings stay. 201 if the person is new."
        ),
        tags=["Other sites"],
        parameters=[KEY],
        request=PersonBody,
        answers={200: PersonSerializer, 201: PersonSerializer},
        problems=(404,),
        examples=[examples.PERSON_BODY, examples.PERSON, examples.NEW_PERSON],
    )
    def put(self, request: Request, key: str) -> Response:
        values = checked_body(request, PersonBody).validated_data
        person, made = put_person(service=self.service, key=key, demographics=Demographics(**values))
        return Response(PersonSerializer(_as_dict(person)).data, status=201 if made else 200)

    @described(
        operation_id="people_delete",
        summary="Delete somebody of my site",
        description="With everything that is kept about them. 404 if there is nobody with this key.",
        tags=["Other sites"],
        parameters=[KEY],
        answers={204: None},
        problems=(404,),
        examples=[],
    )
    def delete(self, request: Request, key: str) -> Response:
        checked_query(request, NoQuery)
        if not delete_person(service=self.service, key=key):
            raise Http404
        return Response(status=204)


class PersonsListView(ServiceView):
    """The list for somebody. ``POST`` changes nothing: it takes the same as ``GET``, and longer."""

    http_method_names = ["get", "head", "post"]
    scope = Scope.PEOPLE_READ

    @described(
        operation_id="people_recommendations",
        summary="Films for somebody of my site",
        description=(
            "Ranked from what is known of them, without the films that they rated, saw or hid. 404 if there is nobody "
            "with this key."
        ),
        tags=["Other sites"],
        parameters=[KEY, PersonsListQuery],
        answers={200: RecommendationListSerializer},
        problems=(404, 503),
        examples=[RANKED_LIST],
    )
    def get(self, request: Request, key: str) -> Response:
        query = checked_query(request, PersonsListQuery)
        return query.with_notice(self._answer(key, query.validated_data, query.to_dials(), query.only()))

    @described(
        operation_id="people_recommendations_post",
        summary="Films for somebody of my site, out of many",
        description="The same with a body, for which `include` and `exclude` may be long. Nothing changes.",
        tags=["Other sites"],
        parameters=[KEY],
        request=PersonsListBody,
        answers={200: RecommendationListSerializer},
        problems=(404, 503),
        examples=[examples.LIST_BODY, RANKED_LIST],
    )
    def post(self, request: Request, key: str) -> Response:
        body = checked_body(request, PersonsListBody)
        dials = DialsSerializer.to_dials(body.validated_data.get("dials", {}))
        return self._answer(key, body.validated_data, dials, body.only())

    def _answer(
        self, key: str, values: dict[str, Any], dials: Dials, only: frozenset[int] | None
    ) -> Response:
        person = service_person(service=self.service, key=key)
        known = ranked_as(person=person, exclude=values.get("exclude", ()))
        owner = Owner(person_id=person.pk)
        arm = arm_for(
            known, dials, key=owner.key, kind=values["kind"], filters=values.get("filter"), only=only
        )
        return Response(RecommendationListSerializer(ranked_answer(arm, values, owner)).data)
