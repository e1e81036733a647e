"""Tokens: made with name and password, listed and revoked by their owner."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth import authenticate
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import user_of
from recommendations.api.access import serializers
from recommendations.api.access.serializers import (
    MadeTokenSerializer,
    NewTokenSerializer,
    TokenListSerializer,
)
from recommendations.api.authentication import Unidentified
from recommendations.api.base import NoQuery, SignedInView, checked_body, checked_query
from recommendations.api.schema import described
from recommendations.services.account.tokens import create_token, require_rights, revoke_token, tokens_of


class TokensView(SignedInView):
    """My tokens; and a way in for programs, which needs no more than name and password."""

    http_method_names = ["get", "head", "post"]

    def _signs_in(self) -> bool:
        return self.request is not None and self.request.method == "POST"

    def get_authenticators(self) -> list[Any]:
        return [Unidentified()] if self._signs_in() else super().get_authenticators()

    def get_permissions(self) -> Any:
        return [AllowAny()] if self._signs_in() else super().get_permissions()

    @described(
        operation_id="tokens_list",
        summary="My tokens",
        description="Those that still work, newest first.",
        tags=["Access"],
        answers={200: TokenListSerializer},
        examples=[serializers.TOKENS],
    )
    def get(self, request: Request) -> Response:
        checked_query(request, NoQuery)
        return Response(TokenListSerializer({"items": tokens_of(user=user_of(request))}).data)

    @described(
        operation_id="tokens_create",
        summary="Make a token",
        description=(
            "Takes the name and password of an account, and gives a token for the header "
            "`Authorization: Bearer …`. Its text is told once only. 401 if name and password do not fit together, 409 if "
            "the account has too many tokens."
        ),
        tags=["Access"],
        auth=[],
        request=NewTokenSerializer,
        answers={201: MadeTokenSerializer},
        problems=(409,),
        signed_in=False,
        examples=[serializers.NEW_TOKEN, serializers.MADE_TOKEN],
    )
    def post(self, request: Request) -> Response:
        body = checked_body(request, NewTokenSerializer)
        values = body.validated_data
        # Django's own request: the guard against guessing counts failures by its address.
        user = authenticate(request._request, username=values["username"], password=values["password"])
        if user is None:
            raise AuthenticationFailed(_("Name and password do not fit together."))
        require_rights(user=user, scopes=values["scopes"])
        token, text = create_token(
            user=user,
            name=values["name"],
            scopes=values["scopes"],
            lifetime=body.lifetime(),
            service=values.get("service", ""),
        )
        token.token = text
        return Response(MadeTokenSerializer(token).data, status=201)


class TokenView(SignedInView):
    """One token of the account: read or taken back."""

    http_method_names = ["delete"]

    @described(
        operation_id="tokens_revoke",
        summary="Revoke a token",
        description="It ends at once. A token may revoke itself.",
        tags=["Access"],
        parameters=[
            OpenApiParameter(
                "reference", UUID, OpenApiParameter.PATH, description="The `reference` of the token."
            )
        ],
        answers={204: None},
        problems=(404,),
        examples=[],
    )
    def delete(self, request: Request, reference: UUID) -> Response:
        checked_query(request, NoQuery)
        if not revoke_token(user=user_of(request), reference=reference):
            raise Http404
        return Response(status=204)
