"""The roles' permissions, their repair, and making an operator from the shell."""

from __future__ import annotations

import io
import json

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import User
from accounts.roles import ROLES

pytestmark = pytest.mark.django_db
PASSWORD = "long-enough-for-2026"


def permissions(role: str) -> set[str]:
    rows = Group.objects.get(name=role).permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in rows}


def create(monkeypatch, *arguments: str, password: str = PASSWORD) -> str:
    monkeypatch.setenv("MOVIEREC_OPERATOR_PASSWORD", password)
    output = io.StringIO()
    call_command("create_operator", *arguments, stdout=output)
    return output.getvalue()


def test_migrating_makes_the_roles_with_their_permissions():
    assert "recommendations.view_job" in permissions("viewer")
    assert all(name.partition(".")[2].startswith("view_") for name in permissions("viewer"))
    assert {"recommendations.add_job", "recommendations.change_modelversion"} <= permissions("operator")
    assert not any(name.startswith("accounts.") for name in permissions("operator"))
    assert "accounts.change_user" in permissions("admin")
    for role in ROLES:
        # Rows of the registry and jobs are never deleted or written by hand.
        assert not {
            "recommendations.delete_modelversion",
            "recommendations.add_modelversion",
            "recommendations.delete_job",
            "recommendations.change_promotionevent",
        } & permissions(role)


def test_repairing_brings_back_what_was_changed():
    before = {role: permissions(role) for role in ROLES}
    Group.objects.get(name="viewer").permissions.set(Group.objects.get(name="admin").permissions.all())
    Group.objects.get(name="operator").delete()
    output = io.StringIO()
    call_command("repair_roles", "--json", stdout=output)
    assert {role: permissions(role) for role in ROLES} == before
    assert json.loads(output.getvalue()) == {role: len(before[role]) for role in ROLES}


def test_an_operator_is_created_and_given_another_role(monkeypatch):
    assert "created with the role operator" in create(monkeypatch, "--username", "olga")
    olga = User.objects.get(username="olga")
    assert (olga.is_staff, olga.is_superuser, olga.check_password(PASSWORD)) == (True, False, True)
    assert olga.has_perm("recommendations.add_job")
    assert "now has the role viewer" in create(
        monkeypatch, "--username", "olga", "--role", "viewer", password=""
    )
    olga = User.objects.get(username="olga")
    assert not olga.has_perm("recommendations.add_job")
    assert olga.has_perm("recommendations.view_job")
    assert olga.check_password(PASSWORD)


@pytest.mark.parametrize(
    ("password", "sentence"), [("", "There is no password"), ("1234", "too short"), ("olga-olga", "similar")]
)
def test_without_a_good_password_nothing_is_created(monkeypatch, password, sentence):
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    with pytest.raises(CommandError, match=sentence):
        create(monkeypatch, "--username", "olga-olga", password=password)
    assert not User.objects.exists()


def test_the_password_may_come_as_one_line(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))
    create(monkeypatch, "--username", "olga", password="")
    assert User.objects.get().check_password(PASSWORD)
