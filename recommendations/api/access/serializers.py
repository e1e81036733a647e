"""What the operations on tokens take and give."""

from __future__ import annotations

from datetime import timedelta

from rest_framework import serializers

from accounts.models import ApiToken
from recommendations.api.fields import (
    NamedChoiceField,
    SecretField,
    StrictSerializer,
    TextField,
    WholeNumberField,
)
from recommendations.services.account.tokens import LEAST_DAYS, MOST_DAYS

LONGEST_NAME, LONGEST_PASSWORD = 150, 200
DEFAULT_DAYS = 30


class ScopesField(serializers.ListField):
    """Scopes, each once."""

    def __init__(self, **kwargs) -> None:
        child = NamedChoiceField(choices=ApiToken.Scope.values)
        super().__init__(child=child, min_length=1, max_length=len(ApiToken.Scope), **kwargs)


class NewTokenSerializer(StrictSerializer):
    """Who asks, and for which token."""

    username = TextField(
        max_length=LONGEST_NAME, help_text="Of the account, or its confirmed e-mail address."
    )
    password = SecretField(max_length=LONGEST_PASSWORD, help_text="Of the account.")
    name = TextField(max_length=60, help_text="What the token is for; only you see it.")
    scopes = ScopesField(
        required=False,
        default=lambda: [ApiToken.Scope.READ.value],
        help_text="`read` what is yours, `write` to change it, `operate` for those who run the site.",
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
    created_at = serializers.DateTimeField(source="created")
    expires_at = serializers.DateTimeField(source="expiry", allow_null=True)


class MadeTokenSerializer(TokenSerializer):
    """A token that has just been made."""

    token = serializers.CharField(help_text="Its text. It is told this once only; keep it.")


class TokenListSerializer(serializers.Serializer):
    """Tokens, newest first."""

    items = TokenSerializer(many=True)
