"""What this visit knows, kept in the session as plain data that any later version can read or refuse:
the person, the films they rated or hid, and the dials they turned."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.pages.labels import data_family, gender_label, occupation_label
from recommendations.pages.visit.values import Feedback
from recommendations.ranking.demographics import Demographics, InvalidDemographicsError
from recommendations.ranking.dials import LIST_KINDS, NEXT, Dials
from recommendations.selectors.lists.champion import loaded_data, served_data
from recommendations.selectors.lists.person import Person

SESSION_KEY, FEEDBACK_KEY, DIALS_KEY = "person", "feedback", "dials"
KIND_KEY, HIDES_KEY = "list_kind", "hides_predicted_stars"
# The data set that numbers of films and people are of: another one means others by them.
DATA_KEY = "data"


def remember(request: HttpRequest, person: Person) -> None:
    """Keep ``person`` for the rest of the session; doing it twice changes nothing.

    A newcomer who only corrects their answers keeps ratings, hidden films and dials. Somebody else's go.
    """
    demographics = person.demographics
    kept = {
        "user": person.movielens_user,
        "age": demographics.age,
        "gender": demographics.gender,
        "occupation": demographics.occupation,
    }
    before = request.session.get(SESSION_KEY)
    if isinstance(before, dict) and before.get("user") != person.movielens_user:
        for key in (FEEDBACK_KEY, DIALS_KEY):
            request.session.pop(key, None)
    if _is_of_other_data(request.session):
        for key in (FEEDBACK_KEY, DIALS_KEY):
            request.session.pop(key, None)
    request.session[SESSION_KEY] = kept
    _note_data(request.session)


def _is_of_other_data(session: Mapping[str, Any] | SessionBase) -> bool:
    """Whether the site serves another data set than when the visit began."""
    data = loaded_data()
    return data is not None and session.get(DATA_KEY, data.name) != data.name


def _note_data(session: SessionBase) -> None:
    data = loaded_data()
    if data is not None:
        session[DATA_KEY] = data.name


def forget(request: HttpRequest) -> None:
    """Keep nothing of the visit: who the list is for, what they said about films, how they tuned it."""
    for key in (SESSION_KEY, FEEDBACK_KEY, DIALS_KEY, KIND_KEY, HIDES_KEY, DATA_KEY):
        request.session.pop(key, None)


def recall(request: HttpRequest) -> Person | None:
    """The person of the session with their ratings and hidden films, or ``None`` if none can be read."""
    kept: Any = request.session.get(SESSION_KEY)
    if not isinstance(kept, dict) or _is_of_other_data(request.session):
        return None
    user, age = kept.get("user"), kept.get("age")
    if not all(number is None or type(number) is int for number in (user, age)):
        return None
    try:
        demographics = Demographics(age=age, gender=kept.get("gender"), occupation=kept.get("occupation"))
    except InvalidDemographicsError:
        return None
    feedback = recall_feedback(request)
    return Person(
        movielens_user=user,
        demographics=demographics,
        ratings=feedback.history,
        hidden=feedback.not_shown,
        hides_stars=recall_hides_stars(request),
    )


def recall_feedback(request: HttpRequest) -> Feedback:
    """What was said about films in this visit; nothing if they were films of another data set."""
    if _is_of_other_data(request.session):
        return Feedback()
    return Feedback.from_session(request.session.get(FEEDBACK_KEY))


def change_feedback(
    request: HttpRequest, change: Callable[[Feedback], Feedback]
) -> tuple[Feedback, Feedback]:
    """Apply ``change`` to the newest state of the session; returns the feedback before and after."""
    with _newest_session(request) as session:
        before = Feedback()
        if not _is_of_other_data(session):
            before = Feedback.from_session(session.get(FEEDBACK_KEY))
        after = change(before)
        session[FEEDBACK_KEY] = after.to_session()
        _note_data(session)
    return before, after


def recall_dials(request: HttpRequest) -> Dials:
    """The dials of this visit; neutral if none was turned or they cannot be read any more."""
    return Dials.from_dict(request.session.get(DIALS_KEY))


def remember_dials(request: HttpRequest, dials: Dials) -> None:
    """Keep the dials for the rest of the session."""
    with _newest_session(request) as session:
        session[DIALS_KEY] = dials.to_dict()


def recall_list_kind(request: HttpRequest) -> str:
    """Which kind of list this visit looks at; the usual one as long as nobody has chosen another."""
    kept = request.session.get(KIND_KEY)
    return kept if kept in LIST_KINDS else NEXT


def remember_list_kind(request: HttpRequest, kind: str) -> None:
    """Keep the kind of list for the rest of the session."""
    with _newest_session(request) as session:
        session[KIND_KEY] = kind


def recall_hides_stars(request: HttpRequest) -> bool:
    """Whether this visit wants to see no predicted stars."""
    return request.session.get(HIDES_KEY) is True


def remember_hides_stars(request: HttpRequest, hidden: bool) -> None:
    """Keep that for the rest of the session."""
    with _newest_session(request) as session:
        session[HIDES_KEY] = hidden


@contextmanager
def _newest_session(request: HttpRequest) -> Iterator[SessionBase]:
    """The session as the database has it now, locked: a rating from a second tab must not undo the first one's.

    What is changed is saved before the lock goes, and seen by the rest of this request as well.
    """
    key = request.session.session_key
    with transaction.atomic():
        list(Session.objects.select_for_update().filter(pk=key).values_list("pk"))
        newest = type(request.session)(key)
        yield newest
        newest.save()
    was_modified = request.session.modified
    request.session.update(newest.items())
    request.session.modified = was_modified  # saved already; a second time would be too late


def describe(person: Person) -> str:
    """Whom the list is for, in a few words of the current language."""
    if person.movielens_user is not None:
        return _("%(data)s user %(number)s") % {
            "data": data_family(served_data()),
            "number": person.movielens_user,
        }
    demographics = person.demographics
    if demographics.is_empty:
        return _("a newcomer who skipped every question")
    parts = []
    if demographics.age is not None:
        parts.append(
            ngettext("%(age)s year old", "%(age)s years old", demographics.age) % {"age": demographics.age}
        )
    if demographics.gender is not None:
        parts.append(gender_label(demographics.gender))
    if demographics.occupation is not None:
        parts.append(occupation_label(demographics.occupation))
    return _("a newcomer (%(parts)s)") % {"parts": ", ".join(parts)}
