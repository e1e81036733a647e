"""People with each role, signed in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from accounts.models import User
from tests.registry_home import make_version, registry_home

__all__ = ["as_role", "make_version", "registry_home"]
As = Callable[[str], Client]


@pytest.fixture
def as_role(db: None) -> As:
    """A client of somebody with this role; ``nobody`` is not signed in, ``person`` has an account only."""

    def sign_in(role: str) -> Client:
        client = Client()
        if role == "nobody":
            return client
        user = User.objects.create_user(role, is_staff=role != "person", is_superuser=role == "superuser")
        if role in ("viewer", "operator", "admin"):
            user.groups.add(Group.objects.get(name=role))
        client.force_login(user)
        return client

    return sign_in
