"""Makes and revokes tokens for the API."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ApiToken, User
from accounts.roles import may_operate
from recommendations.errors import ConflictError, InvalidError

MOST_TOKENS = 20
LEAST_DAYS, MOST_DAYS = 1, 365


class TooManyTokensError(ConflictError):
    """The person has as many tokens as anybody may have."""


class NotOperatorError(InvalidError):
    """The scope ``operate`` is for accounts that may operate something."""

    field = "scopes"


def require_rights(*, user: User, scopes: Collection[str]) -> None:
    """Refuse scopes that the account has no use for; a stolen token shall not wait for a role.

    Raises
    ------
    NotOperatorError
    """
    if ApiToken.Scope.OPERATE in scopes and not may_operate(user):
        raise NotOperatorError(
            _("The scope operate is for operators; to see what your role shows, read is enough.")
        )


@transaction.atomic
def create_token(
    *, user: User, name: str, scopes: Collection[str], lifetime: timedelta
) -> tuple[ApiToken, str]:
    """Make a token and return it with its text, which is not kept and cannot be told again.

    Raises
    ------
    TooManyTokensError
    """
    # The row of the person is locked, so that two requests at once cannot both take the last place.
    User.objects.select_for_update().get(pk=user.pk)
    if ApiToken.objects.filter(user=user).count() >= MOST_TOKENS:
        sentence = _("You have %(count)s tokens, and nobody may have more. Revoke one of them first.")
        raise TooManyTokensError(sentence % {"count": MOST_TOKENS})
    ordered = [scope.value for scope in ApiToken.Scope if scope.value in scopes]
    token, text = ApiToken.objects.create(user, expiry=lifetime, name=name, scopes=ordered)
    return token, text


def revoke_token(*, user: User, reference: UUID) -> bool:
    """End one of the person's tokens at once; returns whether there was one with this reference."""
    deleted, _by_model = ApiToken.objects.filter(user=user, reference=reference).delete()
    return deleted > 0


def revoke_all_tokens(*, user: User) -> int:
    """End all tokens of the person, as after a changed password; returns how many there were."""
    deleted, _by_model = ApiToken.objects.filter(user=user).delete()
    return deleted


def tokens_of(*, user: User) -> tuple[ApiToken, ...]:
    """The tokens that still work, newest first. One query."""
    alive = Q(expiry=None) | Q(expiry__gt=timezone.now())
    return tuple(ApiToken.objects.filter(alive, user=user))
