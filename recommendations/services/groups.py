"""Choosing a film together: who starts, joins and leaves a group, and what they say in it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from recommendations.errors import InvalidError, MovierecError
from recommendations.models import GroupMember, GroupVeto, Movie, WatchGroup
from recommendations.selectors.catalogue import unknown_film
from recommendations.selectors.lists.person import Person

MOST_MEMBERS = 8
LASTS = timedelta(days=30)
# An ended group is remembered for so long, so that its link can say so.
REMEMBERED = timedelta(days=60)
FLOORS = (0, 25, 50, 75)
# Newest ratings of a person; more say little more about one evening.
MOST_RATINGS = 500


class GroupEndedError(MovierecError):
    """The group has ended, by its founder or by time."""

    kind, status = "conflict", 410


class GroupFullError(MovierecError):
    """Eight people are in the group already."""

    kind, status = "conflict", 409


class NameInGroupError(InvalidError):
    """Somebody of the group has this name."""

    field = "name"


def start_group(*, name: str, person: Person, user: User | None, follows_site: bool = True) -> GroupMember:
    """Start a group and be its first member. Groups that ended long ago go at this occasion."""
    now = timezone.now()
    WatchGroup.objects.filter(ends_at__lt=now - REMEMBERED).delete()
    group = WatchGroup.objects.create(ends_at=now + LASTS)
    return GroupMember.objects.create(
        group=group,
        name=name,
        person=kept_person(person),
        user=user,
        follows_site=follows_site,
        is_founder=True,
    )


@transaction.atomic
def join_group(
    *, key: str, name: str, person: Person, user: User | None, follows_site: bool = True
) -> GroupMember:
    """Become a member.

    Raises
    ------
    GroupEndedError, GroupFullError, NameInGroupError
    """
    # Two who join at the same moment wait for each other.
    group = WatchGroup.objects.select_for_update().filter(key=key, ends_at__gt=timezone.now()).first()
    if group is None:
        raise GroupEndedError(_("This group has ended."))
    members = list(group.members.all())
    if len(members) >= MOST_MEMBERS:
        raise GroupFullError(_("This group is full: eight people are in it."))
    if name.casefold() in {member.name.casefold() for member in members}:
        raise NameInGroupError(
            _("Somebody in this group is called %(name)s; choose another name.") % {"name": name}
        )
    _lengthen(group)
    return GroupMember.objects.create(
        group=group, name=name, person=kept_person(person), user=user, follows_site=follows_site
    )


def refresh_member(*, member: GroupMember, person: Person) -> None:
    """Let the group follow what its member has rated on the site since; writes only what changed."""
    kept = kept_person(person)
    if member.follows_site and kept != member.person:
        member.person = kept
        member.save(update_fields=["person"])


def leave_group(*, member: GroupMember) -> None:
    """Leave; whatever the member said goes along. The last one takes the group with them."""
    with transaction.atomic():
        group = WatchGroup.objects.select_for_update().get(pk=member.group_id)
        member.delete()
        if not group.members.exists():
            group.delete()


def end_group(*, group: WatchGroup) -> None:
    """End the group for everybody: its people and what they said are forgotten, the link says that it has ended."""
    with transaction.atomic():
        group.members.all().delete()
        group.ends_at = timezone.now()
        group.save(update_fields=["ends_at"])


def move_floor(*, group: WatchGroup, floor: int) -> None:
    """Let no film in that matches anybody less than this.

    Raises
    ------
    InvalidError
    """
    if floor not in FLOORS:
        raise InvalidError(_("The floor is %(value)s; expected 0, 25, 50 or 75.") % {"value": floor})
    group.floor = floor
    group.save(update_fields=["floor"])
    _lengthen(group)


def veto_movie(*, member: GroupMember, movie_id: int) -> None:
    """Take a film (MovieLens number) out of the common list; twice changes nothing.

    Raises
    ------
    UnknownFilmError
    """
    movie = Movie.objects.filter(movielens_id=movie_id).first()
    if movie is None:
        raise unknown_film(movie_id)
    GroupVeto.objects.bulk_create([GroupVeto(member=member, movie=movie)], ignore_conflicts=True)
    _lengthen(member.group)


def take_veto_back(*, member: GroupMember, movie_id: int) -> None:
    """Let the film in again, unless somebody else is against it."""
    GroupVeto.objects.filter(member=member, movie__movielens_id=movie_id).delete()


def kept_person(person: Person) -> dict[str, Any]:
    """What a group keeps of a person, JSON-able; :func:`recommendations.selectors.groups.person_of` reads it."""
    demographics = person.demographics
    return {
        "user": person.movielens_user,
        "age": demographics.age,
        "gender": demographics.gender,
        "occupation": demographics.occupation,
        "ratings": [
            [rating.movie_id, rating.stars, *([rating.mark.value] if rating.mark is not None else [])]
            for rating in person.ratings[-MOST_RATINGS:]
        ],
        "hidden": sorted(person.hidden),
    }


def _lengthen(group: WatchGroup) -> None:
    group.ends_at = timezone.now() + LASTS
    group.save(update_fields=["ends_at"])
