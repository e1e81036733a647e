"""Accounts: made by anybody, and seen by their owner and by administrators only."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.roles import user_of
from recommendations.api.access.serializers import ACCOUNT, MADE_ACCOUNT, NEW_ACCOUNT
from recommendations.api.base import NoQuery, SignedInView, SignUpView, checked_body, checked_query
from recommendations.api.fields import (
    NamedChoiceField,
    SecretField,
    TextField,
    TruthField,
)
from recommendations.api.schema import described
from recommendations.api.serializers import LARGEST_NUMBER, DemographicsFields
from recommendations.pages.account.forms import LONGEST_NAME, LONGEST_PASSWORD, SignUpForm
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.dials import LIST_KINDS
from recommendations.selectors.viewers import account_visible_to, counts_of_user
from recommendations.services.account.profile import NameTakenError, create_account, update_profile


class DemographicsBody(DemographicsFields):
    """What an account may tell; null takes it back."""

    def demographics(self, user: User) -> Demographics:
        """What the account tells once the valid body is taken in; what the body leaves out stays."""
        values = self.validated_data
        return Demographics(
            age=values.get("age", user.age),
            gender=values.get("gender", user.gender or None),
            occupation=values.get("occupation", user.occupation or None),
        )


class MyAccountBody(DemographicsBody):
    """What an account tells, and how its owner looks at lists."""

    list_kind = NamedChoiceField(
        required=False, choices=LIST_KINDS, help_text="Which kind of list the site shows me."
    )
    hides_predicted_stars = TruthField(
        required=False, help_text="True to show no predicted stars, which pull one's own."
    )


# The signs that a name never has; which letters are letters no pattern says that all programs understand.
NAME_PATTERN = r"^[^\x00-*,/:-@\[-^`{-\x7f]+$"
LEAST_PASSWORD = 8


class NewAccountSerializer(DemographicsBody):
    """A name, a password, and what the person likes to tell."""

    username = TextField(
        max_length=LONGEST_NAME, pattern=NAME_PATTERN, help_text="Letters, digits and . + - _ only."
    )
    password = SecretField(
        max_length=LONGEST_PASSWORD,
        least=LEAST_PASSWORD,
        help_text="At least 8 characters; not only digits, and not one that everybody uses.",
    )


class CountsSerializer(serializers.Serializer):
    """How many films the account has marked."""

    ratings = serializers.IntegerField(min_value=0)
    watchlist = serializers.IntegerField(min_value=0)
    hidden = serializers.IntegerField(min_value=0)


class ToldField(serializers.CharField):
    """What an account tells; null if it does not."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_null=True, help_text="Null if not told.", **kwargs)

    def to_representation(self, value: str) -> str | None:  # type: ignore[override]  # null if not told
        return value or None


class AccountSerializer(serializers.Serializer):
    """An account."""

    id = serializers.IntegerField(min_value=1)
    username = serializers.CharField()
    email = serializers.CharField(
        allow_blank=True, help_text="Empty until an address is confirmed on the site."
    )
    age = serializers.IntegerField(allow_null=True, help_text="Null if not told.")
    gender = ToldField()
    occupation = ToldField()
    list_kind = serializers.ChoiceField(
        choices=LIST_KINDS,
        help_text="Which kind of list the site shows; the API shows the kind that it is asked for.",
    )
    hides_predicted_stars = serializers.BooleanField(
        help_text="True if no predicted stars are shown, neither on the site nor in `recommendations/me/`."
    )
    created_at = serializers.DateTimeField(source="date_joined")
    counts = CountsSerializer()


def account_of(user: User) -> dict[str, Any]:
    """The account as the API tells it."""
    user.counts = counts_of_user(user=user)  # type: ignore[attr-defined]  # for the serializer
    return AccountSerializer(user).data


class AccountsView(SignUpView):
    """Signing up."""

    http_method_names = ["post"]

    @described(
        operation_id="accounts_create",
        summary="Sign up",
        description=(
            "Makes an account. Then make a token with its name and password. A name that is taken is a 400 that names "
            "the field `username`."
        ),
        tags=["Access"],
        auth=[],
        signed_in=False,
        request=NewAccountSerializer,
        answers={201: AccountSerializer},
        examples=[NEW_ACCOUNT, MADE_ACCOUNT],
    )
    def post(self, request: Request) -> Response:
        body = checked_body(request, NewAccountSerializer)
        form = SignUpForm(
            {"name": body.validated_data["username"], "password": body.validated_data["password"]}
        )
        try:
            if form.is_valid():
                user = create_account(name=form.cleaned_data["name"], password=form.cleaned_data["password"])
        except NameTakenError:
            form.refuse_taken_name()
        if form.errors:
            named = {"name": "username"}
            raise ValidationError(
                {
                    named.get(field, field): [str(sentence) for sentence in sentences]
                    for field, sentences in form.errors.items()
                }
            )
        update_profile(user=user, demographics=body.demographics(user))
        return Response(account_of(user), status=201)


class AccountView(SignedInView):
    """An account by number."""

    http_method_names = ["get", "head"]

    @described(
        operation_id="accounts_read",
        summary="An account",
        description="Mine; administrators see every one. Others are as if they did not exist.",
        tags=["Access"],
        parameters=[
            OpenApiParameter(
                "account_id",
                {"type": "integer", "minimum": 1, "maximum": LARGEST_NUMBER},
                OpenApiParameter.PATH,
                description="The `id` of the account.",
            )
        ],
        answers={200: AccountSerializer},
        problems=(404,),
        examples=[ACCOUNT],
    )
    def get(self, request: Request, account_id: int) -> Response:
        checked_query(request, NoQuery)
        user = account_visible_to(viewer=user_of(request), account_id=account_id)
        if user is None:
            raise Http404
        return Response(account_of(user))
