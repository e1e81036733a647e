"""Model versions: listed, compared, promoted and rolled back; and the indices that they answer from."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import user_of
from recommendations.api.base import NoQuery, OperatorView, checked_body, checked_query
from recommendations.api.operators import model_serializers
from recommendations.api.operators.model_serializers import (
    LONGEST_VERSION,
    CompareQuery,
    ComparisonSerializer,
    IndexHealthSerializer,
    ModelDetailSerializer,
    ModelPageSerializer,
    PromoteBody,
    PromotionSerializer,
)
from recommendations.api.paging import PageQuery
from recommendations.api.schema import described
from recommendations.api.throttles import ExpensiveThrottle
from recommendations.errors import ConflictError
from recommendations.models import ModelVersion
from recommendations.selectors.comparison import MOST_COMPARED, metric_rows, versions_to_compare
from recommendations.selectors.index_health import index_health
from recommendations.selectors.registry import version_by_name, versions_listed
from recommendations.services.audit import record_act
from recommendations.services.registry.publishing import REFUSALS, promote_by_hand, roll_back
from recommendations.services.stored_sentences import API_SWITCHED, API_SWITCHED_OVERRIDDEN, in_english

VERSION = OpenApiParameter(
    "version",
    {"type": "string", "pattern": r"^[\w.-]+$", "minLength": 1, "maxLength": LONGEST_VERSION},
    OpenApiParameter.PATH,
    description="The name of the version.",
)
SEE = {"GET": "recommendations.view_modelversion"}
SWITCH = {"POST": "recommendations.change_modelversion"}


def _version(name: str) -> ModelVersion:
    version = version_by_name(name) if "\x00" not in name else None
    if version is None:
        raise Http404
    return version


class ModelsView(OperatorView):
    """The versions of the registry, newest first."""

    http_method_names = ["get", "head"]
    rights = SEE

    @described(
        operation_id="models_list",
        summary="Model versions",
        description="Newest first, in pages.",
        tags=["Operation"],
        parameters=[PageQuery],
        answers={200: ModelPageSerializer},
        examples=[model_serializers.MODELS],
    )
    def get(self, request: Request) -> Response:
        query = checked_query(request, PageQuery)
        offset, limit = query.offset(), query.validated_data["limit"]
        rows: QuerySet[ModelVersion] = versions_listed()
        page, total = rows[offset : offset + limit], rows.count()
        following = query.next_cursor(offset=offset, found=len(page), total=total)
        return Response(ModelPageSerializer({"items": page, "total": total, "next": following}).data)


class ModelView(OperatorView):
    """One version with its measures and where they come from."""

    http_method_names = ["get", "head"]
    rights = SEE

    @described(
        operation_id="models_read",
        summary="A model version",
        description="Its parameters, its measures, what the gate found, and its promotions.",
        tags=["Operation"],
        parameters=[VERSION],
        answers={200: ModelDetailSerializer},
        problems=(404,),
        examples=[model_serializers.MODEL],
    )
    def get(self, request: Request, version: str) -> Response:
        checked_query(request, NoQuery)
        return Response(ModelDetailSerializer(_version(version)).data)


class CompareView(OperatorView):
    """Chosen versions beside each other, measure by measure."""

    http_method_names = ["get", "head"]
    rights = SEE

    @described(
        operation_id="models_compare",
        summary="Compare model versions",
        description=f"Every measure that one of them has; at most {MOST_COMPARED} versions, newest first.",
        tags=["Operation"],
        parameters=[CompareQuery],
        answers={200: ComparisonSerializer},
        problems=(404,),
        examples=[model_serializers.COMPARISON],
    )
    def get(self, request: Request) -> Response:
        listed = checked_query(request, CompareQuery).validated_data.get("versions")
        names = [name.strip() for name in listed.split(",")] if listed else []
        versions = versions_to_compare(wanted=names)
        if names and not versions:
            raise Http404
        figures = metric_rows(versions)
        named = [version.version for version in versions]
        return Response(ComparisonSerializer({"versions": named, "figures": figures}).data)


class _SwitchView(OperatorView):
    http_method_names = ["post"]
    rights = SWITCH
    throttles = (ExpensiveThrottle,)

    def _switch(self, request: Request, act: Any, **options: Any) -> Response:
        try:
            event = act(by=request.user, **options)
        except REFUSALS as error:
            raise ConflictError(str(error)) from error
        switched = API_SWITCHED_OVERRIDDEN if event.overridden else API_SWITCHED
        sentence = in_english(switched, reason=event.reason)
        record_act(by=user_of(request), on=event.version, message=sentence)
        return Response(PromotionSerializer(event).data)


class PromoteView(_SwitchView):
    """Making a version the champion."""

    @described(
        operation_id="models_promote",
        summary="Promote a model version",
        description=(
            "Makes it the champion after a smoke test. 409 if the gate refuses it (unless overridden), if it is "
            "the champion already, if its files or indices are not whole, or if Elasticsearch does not answer; "
            "nothing is switched then."
        ),
        tags=["Operation"],
        parameters=[VERSION],
        request=PromoteBody,
        answers={200: PromotionSerializer},
        problems=(404, 409),
        examples=[model_serializers.PROMOTE, model_serializers.SWITCH],
    )
    def post(self, request: Request, version: str) -> Response:
        values = checked_body(request, PromoteBody).validated_data
        return self._switch(request, promote_by_hand, version=_version(version), **values)


class RollBackView(_SwitchView):
    """Going back to the champion before."""

    @described(
        operation_id="models_rollback",
        summary="Roll back",
        description=(
            "Makes the last champion that nobody has rolled away from the champion again. 409 if there is none, if the gate "
            "has refused it (unless overridden; the detail says why), if its files or indices are not whole, or if "
            "Elasticsearch does not answer; nothing is switched then."
        ),
        tags=["Operation"],
        request=PromoteBody,
        answers={200: PromotionSerializer},
        problems=(409,),
        examples=[model_serializers.ROLL_BACK, model_serializers.SWITCH],
    )
    def post(self, request: Request) -> Response:
        return self._switch(request, roll_back, **checked_body(request, PromoteBody).validated_data)


class IndicesView(OperatorView):
    """The indices of the search engine and the versions they belong to."""

    http_method_names = ["get", "head"]
    rights = SEE

    @described(
        operation_id="indices_health",
        summary="Index health",
        description="Of the cluster and of every index of this site, also while Elasticsearch is away.",
        tags=["Operation"],
        answers={200: IndexHealthSerializer},
        examples=[model_serializers.INDICES],
    )
    def get(self, request: Request) -> Response:
        checked_query(request, NoQuery)
        return Response(IndexHealthSerializer(index_health()).data)
