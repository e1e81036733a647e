"""What the operations on tokens take and give."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from rest_framework import serializers

from accounts.models import ApiToken
from recommendations.api.fields import (
    NamedChoiceField,
    SecretField,
    StrictSerializer,
    TextField,
    WholeNumberField,
)
from recommendations.api.schema import answer_example, request_example
from recommendations.services.account.tokens import LEAST_DAYS, MOST_DAYS

LONGEST_NAME, LONGEST_PASSWORD = 150, 200
DEFAULT_DAYS = 30


class ScopesField(serializers.ListField):
    """Scopes, each once."""

    def __init__(self, **kwargs: Any) -> None:
        child = NamedChoiceField(choices=ApiToken.Scope.values)
        super().__init__(child=child, min_length=1, max_length=len(ApiToken.Scope), **kwargs)


class NewTokenSerializer(StrictSerializer):
    """Who asks, and for which token."""

    username = TextField(
        max_length=LONGEST_NAME, help_text="Of the account, or its confirmed e-mail address."
    )
    password = SecretField(max_length=LONGEST_PASSWORD, help_text="Of the account.")
    name = TextField(
        required=False, default="program", max_length=60, help_text="What the token is for; only you see it."
    )
    scopes = ScopesField(
        required=False,
        default=lambda: [ApiToken.Scope.READ.value],
        help_text=(
            "`read` what is yours, `write` to change it, `operate` for those who run the site; `people:read` and "
            "`people:write` for the people of another site."
        ),
    )
    service = TextField(
        required=False,
        max_length=60,
        help_text=(
            "With `people:…`: the name of the other site, by default that of the token. Tokens of the same account and site "
            "speak for the same people."
        ),
    )
    days = WholeNumberField(
        required=False,
        default=DEFAULT_DAYS,
        min_value=LEAST_DAYS,
        max_value=MOST_DAYS,
        help_text="After so many days it expires.",
    )

    def lifetime(self) -> timedelta:
        """How long the token of a valid body is to live."""
        return timedelta(days=self.validated_data["days"])


class TokenSerializer(serializers.Serializer):
    """A token, without its text."""

    reference = serializers.UUIDField(help_text="Names the token, to revoke it.")
    name = serializers.CharField()
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=ApiToken.Scope.values))
    service = serializers.CharField(
        source="service.name",
        default=None,
        allow_null=True,
        help_text="The other site whose people it is for.",
    )
    created_at = serializers.DateTimeField(source="created")
    expires_at = serializers.DateTimeField(source="expiry", allow_null=True)


class MadeTokenSerializer(TokenSerializer):
    """A token that has just been made."""

    token = serializers.CharField(help_text="Its text. It is told this once only; keep it.")


class TokenListSerializer(serializers.Serializer):
    """Tokens, newest first."""

    items = TokenSerializer(many=True)


_TOKEN = {
    "reference": "5f0c1c1e-6c4d-4f0a-9d2e-0c5b7a9f3b11",
    "name": "my script",
    "scopes": ["read", "write"],
    "service": None,
    "created_at": "2026-01-01T12:00:00Z",
    "expires_at": "2026-01-31T12:00:00Z",
}
NEW_TOKEN = request_example(
    "To read and write for 30 days",
    {
        "username": "ann",
        "password": "a long sentence",
        "name": "my script",
        "scopes": ["read", "write"],
        "days": 30,
    },
)
MADE_TOKEN = answer_example(
    "The token, told once", {**_TOKEN, "token": f"mrec_{'0123456789abcdef' * 4}"}, 201
)
TOKENS = answer_example("One token", {"items": [_TOKEN]})
NEW_ACCOUNT = request_example(
    "With an age", {"username": "ann", "password": "a long sentence", "age": 30, "gender": "F"}
)
_ACCOUNT = {
    "id": 7,
    "username": "ann",
    "email": "",
    "age": 30,
    "gender": "F",
    "occupation": None,
    "list_kind": "next",
    "hides_predicted_stars": False,
    "created_at": "2026-01-01T12:00:00Z",
    "counts": {"ratings": 12, "watchlist": 3, "hidden": 1},
}
MADE_ACCOUNT = answer_example("A new account", _ACCOUNT, 201)
ACCOUNT = answer_example("An account", _ACCOUNT)
