"""Six kinds of people, and what each level of access opens to them: the columns of the permission matrices."""

from __future__ import annotations

from django.contrib.auth.models import Group

from accounts.models import User
from accounts.roles import ADMIN, OPERATOR, VIEWER

OPEN, SIGNED_IN, OWN = "everybody", "signed in", "owner or administrator"
SEE, OPERATE, ADMINISTER, NOBODY = "viewer", "operator", "admin", "nobody"
ACTORS = ("anonymous", "user", "other", VIEWER, OPERATOR, ADMIN)
ROLES = (VIEWER, OPERATOR, ADMIN)
ALLOWED = {
    OPEN: set(ACTORS),
    SIGNED_IN: set(ACTORS) - {"anonymous"},
    OWN: {"user", ADMIN},
    SEE: set(ROLES),
    OPERATE: {OPERATOR, ADMIN},
    ADMINISTER: {ADMIN},
    NOBODY: set(),
}


def make_people() -> dict[str, User]:
    """An account for each actor that has one; who has a role may enter the admin."""
    people = {name: User.objects.create_user(name, is_staff=name in ROLES) for name in ACTORS[1:]}
    for role in ROLES:
        people[role].groups.add(Group.objects.get(name=role))
    return people
