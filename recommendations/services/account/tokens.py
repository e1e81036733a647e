"""Makes and revokes tokens for the API."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import ApiToken, Service, User
from accounts.roles import may_operate
from recommendations.errors import ConflictError, InvalidError

MOST_TOKENS = 20
#: What a token for the people of another site may do.
FOR_SERVICES = frozenset({ApiToken.Scope.PEOPLE_READ, ApiToken.Scope.PEOPLE_WRITE})
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
    if FOR_SERVICES & set(scopes) and not user.has_perm("recommendations.add_serviceperson"):
        raise NotOperatorError(_("Tokens for the people of another site are made by operators."))


@transaction.atomic
def create_token(
    *, user: User, name: str, scopes: Collection[str], lifetime: timedelta, service: str = ""
) -> tuple[ApiToken, str]:
    """Make a token and return it with its text, which is not kept and cannot be told again.

    One for the people of another site is for the account's ``service`` of that name, by default the token's own: the same
    name again, as for a new token before the old one expires, means the same people.

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
    other_site = None
    if FOR_SERVICES & set(ordered):
        other_site, _made = Service.objects.get_or_create(owner=user, name=service or name)
    token, text = ApiToken.objects.create(
        user, expiry=lifetime, name=name, scopes=ordered, service=other_site
    )
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
    return tuple(ApiToken.objects.filter(alive, user=user).select_related("service"))
