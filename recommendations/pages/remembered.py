"""The person of this visit, kept in the session as plain data that any later version can read or refuse."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.pages.labels import gender_label, occupation_label
from recommendations.ranking.demographics import Demographics, InvalidDemographicsError
from recommendations.selectors.people import Person

SESSION_KEY = "person"


def remember(request: HttpRequest, person: Person) -> None:
    """Keep ``person`` for the rest of the session; doing it twice changes nothing."""
    told = person.demographics
    request.session[SESSION_KEY] = {
        "user": person.movielens_user,
        "age": told.age,
        "gender": told.gender,
        "occupation": told.occupation,
    }


def recall(request: HttpRequest) -> Person | None:
    """The person of the session, or ``None`` if there is none or it cannot be read any more."""
    kept: Any = request.session.get(SESSION_KEY)
    if not isinstance(kept, dict):
        return None
    user, age = kept.get("user"), kept.get("age")
    if not all(number is None or type(number) is int for number in (user, age)):
        return None
    try:
        told = Demographics(age=age, gender=kept.get("gender"), occupation=kept.get("occupation"))
    except InvalidDemographicsError:
        return None
    return Person(movielens_user=user, demographics=told)


def describe(person: Person) -> str:
    """Whom the list is for, in a few words of the current language."""
    if person.movielens_user is not None:
        return _("MovieLens user %(number)s") % {"number": person.movielens_user}
    told = person.demographics
    if told.is_empty:
        return _("a newcomer who skipped every question")
    parts = []
    if told.age is not None:
        parts.append(ngettext("%(age)s year old", "%(age)s years old", told.age) % {"age": told.age})
    if told.gender is not None:
        parts.append(gender_label(told.gender))
    if told.occupation is not None:
        parts.append(occupation_label(told.occupation))
    return _("a newcomer (%(parts)s)") % {"parts": ", ".join(parts)}
