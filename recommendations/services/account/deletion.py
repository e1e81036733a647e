"""An account that goes, goes everywhere: database, sessions, tokens, search index, and with it the next training."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.admin.models import LogEntry
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from movierec_site.letter_files import remove_letters
from recommendations.errors import ConflictError
from recommendations.services.profiles import remove_profile
from recommendations.web.guessing import end_lockout

# No account can be called so: names have neither spaces nor parentheses.
DELETED = "(deleted account)"


class LastAdministratorError(ConflictError):
    """Without this account nobody could administer the site; the message says what to do."""


def leaves_no_administrator(*, without: Iterable[User]) -> bool:
    """Whether these accounts are all that could administer the site. One query."""
    administrators = User.objects.filter(is_superuser=True, is_active=True)
    left = set(administrators.values_list("pk", flat=True))
    taken = {user.pk for user in without}
    return bool(left & taken) and left <= taken


@transaction.atomic
def delete_account(*, user: User) -> None:
    """Delete the account with ratings, watchlist, hidden films, profile, tokens, sessions, failed sign-ins and the
    e-mails that lie in files.

    The document in Elasticsearch goes after the commit; if Elasticsearch is away, the next tidying takes it. The next
    training reads the database and no longer finds the ratings. What the account did as operator stays in the audit
    log, without its name.

    Raises
    ------
    LastAdministratorError
    """
    if leaves_no_administrator(without=[user]):
        raise LastAdministratorError(
            _("This is the only administrator of the site. Make somebody else administrator first.")
        )
    number, addresses = user.pk, [user.email]
    end_lockout(user)
    end_sessions(user=user)
    _keep_acts(user)
    user.delete()

    def follow() -> None:
        remove_profile(user_id=number)
        remove_letters(account=number, addresses=addresses)

    transaction.on_commit(follow, robust=True)


def _keep_acts(user: User) -> None:
    acts = LogEntry.objects.filter(user=user)
    if acts.exists():
        closed = {"is_active": False, "password": make_password(None)}
        nobody, _made = User.objects.get_or_create(username=DELETED, defaults=closed)
        acts.update(user=nobody)


def end_sessions(*, user: User) -> int:
    """Delete every session of the account on any device; returns how many there were.

    Sessions can only be looked through one by one: some microseconds each.
    """
    own = [
        session.pk
        for session in Session.objects.iterator(chunk_size=500)
        if session.get_decoded().get("_auth_user_id") == str(user.pk)
    ]
    Session.objects.filter(pk__in=own).delete()
    return len(own)
