"""New accounts, and what people tell about themselves."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from accounts.models import User
from recommendations.errors import InvalidError
from recommendations.ranking.demographics import Demographics
from recommendations.services.profiles import mark_profile_stale


class NameTakenError(InvalidError):
    """Somebody has this name already."""


def create_account(*, name: str, password: str) -> User:
    """A new account without anything else.

    Raises
    ------
    NameTakenError
        Also if somebody else took the name in the same moment.
    """
    if User.objects.filter(username__iexact=name).exists():
        raise NameTakenError(name)
    try:
        with transaction.atomic():
            return User.objects.create_user(username=name, password=password)
    except IntegrityError as error:
        raise NameTakenError(name) from error


@transaction.atomic
def update_profile(*, user: User, demographics: Demographics) -> None:
    """Replace what the account tells; the next list follows at once, the person's document within seconds."""
    user.age = demographics.age
    user.gender = demographics.gender or ""
    user.occupation = demographics.occupation or ""
    user.save(update_fields=["age", "gender", "occupation"])
    mark_profile_stale(user_id=user.pk)
