"""Showing a list to others by a link, and taking the link back."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from recommendations.errors import ConflictError, InvalidError, MovierecError
from recommendations.models import FilmList, SharedList

LONGEST_TITLE = 100
# A person may have so many links at once.
MOST_SHARED = 50
_BYTES = 24


class UnknownListError(MovierecError):
    """The account has no such list."""

    kind, status = "not-found", 404


class TooManySharedError(ConflictError):
    """The account has as many links as it may have."""


class ShareTitleError(InvalidError):
    """A title is missing or too long."""

    field = "title"


def share_list(
    *, user: User, kind: str, title: str, film_list: int | None = None, films: Sequence[int] = ()
) -> SharedList:
    """Put a list under a link that nobody can guess; ``films`` are those of a programme as it is now.

    Raises
    ------
    UnknownListError, TooManySharedError, ShareTitleError
    """
    title = " ".join(title.split())
    if not 1 <= len(title) <= LONGEST_TITLE:
        raise ShareTitleError(
            _("Title: write 1 to %(most)s characters; others see it above the list.")
            % {"most": LONGEST_TITLE}
        )
    if kind not in SharedList.Kind.values:
        raise UnknownListError(_("There is no list of the kind “%(kind)s”.") % {"kind": kind[:20]})
    own = None
    if kind == SharedList.Kind.LIST:
        own = FilmList.objects.filter(user=user, pk=film_list or 0).first()
        if own is None:
            raise UnknownListError(_("Your account has no such list."))
    if SharedList.objects.filter(user=user, revoked_at=None).count() >= MOST_SHARED:
        raise TooManySharedError(
            _("You share %(most)s lists already. Take one back before you share another.")
            % {"most": MOST_SHARED}
        )
    return SharedList.objects.create(
        user=user,
        kind=kind,
        title=title,
        film_list=own,
        films=list(films),
        token=secrets.token_urlsafe(_BYTES),
    )


def revoke_shared_list(*, user: User, number: int) -> bool:
    """Take a link back; returns whether it was there."""
    mine = SharedList.objects.filter(user=user, pk=number, revoked_at=None)
    return bool(mine.update(revoked_at=timezone.now()))
