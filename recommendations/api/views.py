"""The recommendation operations: thin over ``selectors.recommendations``."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.cache import patch_cache_control
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import user_of
from recommendations.api import examples
from recommendations.api.base import (
    ExpensiveOpenView,
    OpenView,
    SignedInView,
    checked_body,
    checked_query,
    made_from,
)
from recommendations.api.dials import DialsSerializer
from recommendations.api.lists import BatchSerializer, RecommendationListSerializer
from recommendations.api.schema import ETAG, IF_NONE_MATCH, described
from recommendations.api.serializers import (
    BatchRequest,
    KnownPersonQuery,
    ListQuery,
    PersonPreview,
    TellingPerson,
    unknown_film_errors,
)
from recommendations.ranking.dials import Dials
from recommendations.selectors import catalogue
from recommendations.selectors.lists import explanations, world
from recommendations.selectors.lists.arms import Arm, arm_for
from recommendations.selectors.lists.champion import Champion
from recommendations.selectors.lists.person import Person, UnknownPersonError
from recommendations.selectors.lists.recommendations import RecommendationList
from recommendations.selectors.viewers import person_of_user
from recommendations.services.events.made_lists import record_list
from recommendations.services.events.owners import NOBODY, Owner


def ranked_answer(arm: Arm, values: Mapping[str, Any], owner: Owner = NOBODY) -> dict[str, Any]:
    """The list as an operation gives it: ``k`` films, and if ``explain`` asks for them the parts of their scores.

    It is written down as the ``owner``'s.
    """
    return _Made(arm, values).recorded(owner)


class _Made:
    """A list with what was asked for about it, before it is somebody's. ``state`` is all that a client can see of it."""

    def __init__(self, arm: Arm, values: Mapping[str, Any]) -> None:
        begun = time.perf_counter()
        self.ranked = arm.list(k=values["k"])
        self.seconds = time.perf_counter() - begun
        self.state = asdict(replace(self.ranked, drawn=None))
        if values["explain"]:
            _explain(arm, self.ranked, self.state["items"], values["explain_limit"])

    def recorded(self, owner: Owner) -> dict[str, Any]:
        """The answer that gives it to the ``owner``."""
        return {**self.state, "list_id": record_list(self.ranked, owner=owner, seconds=self.seconds)}


def _explain(arm: Arm, ranked: RecommendationList, items: list[dict[str, Any]], most: int) -> None:
    looks = [arm.look_of(ranked, place) for place in range(len(items))]
    for look in {id(look): look for look in looks}.values():
        own = [item for item, of in zip(items, looks, strict=True) if of is look]
        numbers = [item["movie_id"] for item in own]
        found = explanations.explanations_for(look, movie_ids=numbers, most=most)
        for item, explanation in zip(own, found, strict=True):
            item["explanation"] = explanation.parts


def _answer(
    person: Person, values: Mapping[str, Any], dials: Dials, champion: Champion | None = None
) -> Response:
    arm = arm_for(person, dials, kind=values["kind"], filters=values.get("filter"), champion=champion)
    return _response(ranked_answer(arm, values))


def _response(answer: Mapping[str, Any]) -> Response:
    response = Response(RecommendationListSerializer(answer).data)
    if answer["degraded"] or answer["list_id"] is None:  # the next one is better
        patch_cache_control(response, no_store=True)
    return response


def _today() -> date:
    """A part of the state of each list: the ``list_id`` in a client's copy, which a 304 leaves in use, is of the same day
    and so still known."""
    return timezone.now().date()


class RecommendationsView(OpenView):
    """The list for a person of the data."""

    http_method_names = ["get", "head"]

    @described(
        operation_id="recommendations",
        summary="Films for a person of MovieLens",
        description=(
            "Ranked by the taste that the person's own ratings show. Seen films never appear. The people of "
            "MovieLens are public research data; people with an account here are seen by nobody else."
        ),
        tags=["Recommendations"],
        signed_in=False,
        parameters=[KnownPersonQuery, IF_NONE_MATCH, ETAG],
        answers={200: RecommendationListSerializer, 304: None},
        problems=(404, 503),
        examples=[examples.RANKED_LIST, examples.UNKNOWN_PERSON],
    )
    def get(self, request: Request) -> Response:
        query = checked_query(request, KnownPersonQuery)
        champion, dials = world.require_champion(), query.to_dials()

        def make() -> Response:
            return _answer(query.to_person(), query.validated_data, dials, champion)

        return query.with_notice(made_from(request, champion.state, _today(), make=make))


class MyRecommendationsView(SignedInView):
    """The list for whoever asks."""

    http_method_names = ["get", "head"]

    @described(
        operation_id="recommendations_me",
        summary="Films for me",
        description="Ranked from what the account tells, my ratings, and without the films that I hid.",
        tags=["Recommendations"],
        parameters=[ListQuery, IF_NONE_MATCH, ETAG],
        answers={200: RecommendationListSerializer, 304: None},
        problems=(503,),
        examples=[examples.RANKED_LIST],
    )
    def get(self, request: Request) -> Response:
        query = checked_query(request, ListQuery)
        values, owner = query.validated_data, Owner(user_id=user_of(request).pk)
        person = person_of_user(user=user_of(request))
        arm = arm_for(
            person, query.to_dials(), key=owner.key, kind=values["kind"], filters=values.get("filter")
        )
        made = _Made(arm, values)

        def make() -> Response:
            return _response(made.recorded(owner))

        # A list that the client has already is not recorded once more: events go on naming the one that it was given.
        state = (owner.key, made.state, _today())
        return query.with_notice(made_from(request, *state, make=make, mine=True))


class PreviewView(ExpensiveOpenView):
    """The list for somebody who is not in the data; nothing is stored."""

    http_method_names = ["post"]

    @described(
        operation_id="recommendations_preview",
        summary="Films for a newcomer",
        description=(
            "Ranked from age, gender and occupation, and from the first rating on also from the person's own "
            "taste. Every part may be left out. Nothing is stored about the person. While Elasticsearch is away, the site ranks by "
            "itself and says so with `degraded`."
        ),
        tags=["Recommendations"],
        signed_in=False,
        request=PersonPreview,
        answers={200: RecommendationListSerializer},
        problems=(503,),
        examples=[*examples.PREVIEW_REQUESTS, examples.RANKED_LIST],
    )
    def post(self, request: Request) -> Response:
        body = checked_body(request, PersonPreview)
        _refuse_unknown_films([body.validated_data], "")
        return _answer(body.to_person(), body.validated_data, body.to_dials())


class BatchView(ExpensiveOpenView):
    """Lists for several people at once; nothing is stored."""

    http_method_names = ["post"]

    @described(
        operation_id="recommendations_batch",
        summary="Films for several people",
        description="Each of the data by number, or new with what they tell; the lists come in the same order.",
        tags=["Recommendations"],
        signed_in=False,
        request=BatchRequest,
        answers={200: BatchSerializer},
        problems=(503,),
        examples=[examples.BATCH_REQUEST, examples.BATCH],
    )
    def post(self, request: Request) -> Response:
        values = checked_body(request, BatchRequest).validated_data
        _refuse_unknown_films(values["people"], "people")
        dials = DialsSerializer.to_dials(values.get("dials", {}))
        champion, lists = world.require_champion(), []
        for position, person in enumerate(values["people"]):
            try:
                look = world.look_at(
                    TellingPerson.person_of(person),
                    dials,
                    kind=values["kind"],
                    champion=champion,
                    filters=values.get("filter"),
                )
            except UnknownPersonError as error:
                wrong: dict[Any, Any] = {position: {"user": [str(error)]}}
                raise ValidationError({"people": wrong}) from error
            lists.append({**ranked_answer(Arm(look), values), "id": person.get("id")})
        return Response(BatchSerializer({"lists": lists}).data)


def _refuse_unknown_films(people: list[Mapping[str, Any]], where: str) -> None:
    rated = {rating["movie_id"] for person in people for rating in person.get("ratings", ())}
    unknown = catalogue.unknown_films(movie_ids=rated)
    errors: dict[Any, Any] = {
        number: {"ratings": wrong}
        for number, person in enumerate(people)
        if (wrong := unknown_film_errors(person.get("ratings", ()), unknown))
    }
    if errors:
        raise ValidationError({where: errors} if where else errors[0])
