"""Reads a person's tokens for the API."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone

from accounts.models import ApiToken, User


def tokens_of(*, user: User) -> tuple[ApiToken, ...]:
    """The tokens that still work, newest first. One query."""
    alive = Q(expiry=None) | Q(expiry__gt=timezone.now())
    return tuple(ApiToken.objects.filter(alive, user=user))
