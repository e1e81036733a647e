"""Signing in with the name or with the e-mail address, whatever their case."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import Q
from django.http import HttpRequest

from accounts.models import User


class NameOrEmailBackend(ModelBackend):
    """Django's own backend, which also looks an account up by its confirmed e-mail address."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """The account, or ``None``; an unknown name takes as long as a wrong password."""
        if username is None or password is None:
            return None
        return super().authenticate(request, username=name_of(username), password=password, **kwargs)


def name_of(typed: str) -> str:
    """The exact name of the account that ``typed`` means: its name or e-mail address, in any case. One query."""
    found = User.objects.filter(Q(username__iexact=typed) | Q(email__iexact=typed))
    names = list(found.values_list("username", flat=True)[:3])
    return names[0] if len(names) == 1 else typed
