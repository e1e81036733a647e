"""My account: what it tells."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import user_of
from recommendations.api.access.accounts import AccountSerializer, MyAccountBody, account_of
from recommendations.api.access.serializers import ACCOUNT
from recommendations.api.base import NoQuery, SignedInView, checked_body, checked_query
from recommendations.api.mine import serializers
from recommendations.api.schema import described
from recommendations.services.account.profile import update_profile
from recommendations.services.feedback import hide_predicted_stars, keep_list_kind


class MeView(SignedInView):
    """The account that asks: what it is and may."""

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
        description=(
            "Age, gender and occupation, which null takes back, and how I look at lists. What is left out stays. My list "
            "follows at once."
        ),
        tags=["Mine"],
        request=MyAccountBody,
        answers={200: AccountSerializer},
        examples=[serializers.CHANGED_PROFILE, ACCOUNT],
    )
    def patch(self, request: Request) -> Response:
        body = checked_body(request, MyAccountBody)
        values, user = body.validated_data, user_of(request)
        update_profile(user=user, demographics=body.demographics(user))
        if "list_kind" in values:
            keep_list_kind(user=user, kind=values["list_kind"])
        if "hides_predicted_stars" in values:
            hide_predicted_stars(user=user, hidden=values["hides_predicted_stars"])
        return Response(account_of(user))
