"""The three roles of the admin, and which permissions each of them has.

A role is a Django group. Every view and every button asks for a permission, never for a role, so that the groups can
be changed in the admin; ``manage.py repair_roles`` brings back what stands here.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from django.http import HttpRequest
from rest_framework.request import Request

from accounts.models import User

VIEWER, OPERATOR, ADMIN = "viewer", "operator", "admin"

#: Sees how the recommender is doing.
_SEE = tuple(
    f"recommendations.view_{model}"
    for model in (
        *("job", "jobevent", "modelversion", "promotionevent", "movie", "genre", "experiment"),
        *("houserule", "housetag"),
        *("newfilm", "newfilmsstate"),
    )
)
#: Runs it: jobs (add: run and retry, change: cancel), versions (change: promote, override, roll back), schedules.
_OPERATE = (
    "recommendations.add_job",
    "recommendations.change_job",
    "recommendations.change_modelversion",
    # Start, and end or win.
    "recommendations.add_experiment",
    "recommendations.change_experiment",
    # Make a rule about lists; end one, and order rows; label films.
    "recommendations.add_houserule",
    "recommendations.change_houserule",
    *(f"recommendations.{action}_housetag" for action in ("add", "change", "delete")),
    # Films after training, and how much of a list they may have.
    *(f"recommendations.{action}_newfilm" for action in ("add", "change", "delete")),
    "recommendations.change_newfilmsstate",
    "admin.view_logentry",
    # Makes tokens for other sites, and they work as long as the account may.
    "recommendations.add_serviceperson",
    *(f"django_celery_beat.{action}_periodictask" for action in ("view", "add", "change", "delete")),
)
#: Looks after people as well.
_ADMINISTER = (
    *(f"accounts.{action}_user" for action in ("view", "add", "change", "delete")),
    *(f"accounts.{action}_apitoken" for action in ("view", "delete")),
    *(
        f"recommendations.{action}_{model}"
        for model in (
            *("rating", "watchlistitem", "hiddenmovie"),
            *("seenmovie", "unwantedmovie", "pausedmovie", "pickedmovie"),
        )
        for action in ("view", "delete")
    ),
    *(f"axes.{action}" for action in ("view_accessattempt", "delete_accessattempt", "view_accesslog")),
    "auth.view_group",
)
ROLES: dict[str, tuple[str, ...]] = {
    VIEWER: _SEE,
    OPERATOR: _SEE + _OPERATE,
    ADMIN: _SEE + _OPERATE + _ADMINISTER,
}


def user_of(request: HttpRequest | Request) -> User:
    """The account that asks, where a decorator or a permission has refused everybody else."""
    assert isinstance(request.user, User)
    return request.user


def may_operate(user: Any) -> bool:
    """Whether the account may do anything of what makes an operator."""
    return any(user.has_perm(name) for name in _OPERATE)


def repair_roles() -> dict[str, int]:
    """Give each role exactly the permissions that stand above; returns how many each has.

    Permissions of applications that are not installed are left out.
    """
    granted = {}
    for role, names in ROLES.items():
        wanted = Q()
        for name in names:
            app, _, codename = name.partition(".")
            wanted |= Q(content_type__app_label=app, codename=codename)
        permissions = list(Permission.objects.filter(wanted))
        Group.objects.get_or_create(name=role)[0].permissions.set(permissions)
        granted[role] = len(permissions)
    return granted
