"""The people of other sites, as the ranking sees them, and the films that a list may have."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import Service
from recommendations.models import ListBatch, ServiceMark, ServicePerson, ServiceRating
from recommendations.ranking.demographics import Demographics
from recommendations.selectors.lists.person import Person, RatedMovie, UnknownPersonError


def service_person(*, service: Service, key: str) -> ServicePerson:
    """The person with this key. One query.

    Raises
    ------
    UnknownPersonError
    """
    found = ServicePerson.objects.filter(service=service, key=key).first()
    if found is None:
        error = UnknownPersonError(_("There is nobody with this key."))
        error.field = "key"
        raise error
    return found


def ranked_as(*, person: ServicePerson, exclude: Collection[int] = ()) -> Person:
    """What is known of the person, and without these films (MovieLens numbers). Two queries."""
    ratings = (
        ServiceRating.objects.filter(person=person)
        .order_by("rated_at", "pk")
        .values_list("movie__movielens_id", "stars")
    )
    marked = ServiceMark.objects.filter(person=person, kind__in=ServiceMark.NEVER_SHOWN)
    return Person(
        demographics=Demographics(
            age=person.age, gender=person.gender or None, occupation=person.occupation or None
        ),
        ratings=tuple(RatedMovie(number, _stars(stars)) for number, stars in ratings),
        hidden=frozenset(exclude).union(marked.values_list("movie__movielens_id", flat=True)),
    )


def _stars(stars: float) -> int:
    return int(stars)


def counts_of_person(*, person: ServicePerson) -> dict[str, int]:
    """How many films the person has rated, and marked in which way. Two queries."""
    kinds = list(ServiceMark.objects.filter(person=person).values_list("kind", flat=True))
    return {
        "ratings": ServiceRating.objects.filter(person=person).count(),
        **{str(kind): kinds.count(kind) for kind in ServiceMark.Kind.values},
    }


def batch_of(*, service: Service, reference: UUID) -> ListBatch | None:
    """One of the service's batches of lists, if it has this one. One query."""
    return ListBatch.objects.filter(service=service, reference=reference).first()
