"""My account: what it tells."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import user_of
from recommendations.api.access.accounts import AccountSerializer, DemographicsBody, account_of
from recommendations.api.access.serializers import ACCOUNT
from recommendations.api.base import NoQuery, SignedInView, checked_body, checked_query
from recommendations.api.mine import serializers
from recommendations.api.schema import described
from recommendations.services.account.profile import update_profile


class MeView(SignedInView):
    """Whoever asks."""

    http_method_names = ["get", "head", "patch"]

    @described(
        operation_id="me_read",
        summary="My account",
        description="What it tells, and how many films I have marked.",
        tags=["Mine"],
        answers={200: AccountSerializer},
        examples=[ACCOUNT],
    )
    def get(self, request: Request) -> Response:
        checked_query(request, NoQuery)
        return Response(account_of(user_of(request)))

    @described(
        operation_id="me_change",
        summary="Change what my account tells",
        description="What is left out stays; null takes it back. My list follows at once.",
        tags=["Mine"],
        request=DemographicsBody,
        answers={200: AccountSerializer},
        examples=[serializers.CHANGED_PROFILE, ACCOUNT],
    )
    def patch(self, request: Request) -> Response:
        body = checked_body(request, DemographicsBody)
        update_profile(user=user_of(request), demographics=body.demographics(user_of(request)))
        return Response(account_of(user_of(request)))
