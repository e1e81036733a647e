"""What is under a link: a shared list with its films, and the lists that a person can share."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from accounts.models import User
from recommendations.models import FilmList, FilmListEntry, Rating, SharedList, WatchlistItem
from recommendations.selectors.catalogue import FilmFacts, films_by_id

# A page shows so many films of a list.
MOST_FILMS = 500


@dataclass(frozen=True)
class SharedFilm:
    """A film of a shared list, and the stars that its owner gave it where the list shows them."""

    film: FilmFacts
    stars: float | None = None


@dataclass(frozen=True)
class SharedPage:
    """A list as others see it; of a long one the first films, ``count`` is how many it has."""

    shared: SharedList
    owner: str
    films: tuple[SharedFilm, ...]
    count: int


def shared_page(*, token: str) -> SharedPage | None:
    """The list under this link, ``None`` where there is none, or none any more. Three queries."""
    shared = SharedList.objects.select_related("user").filter(token=token, revoked_at=None).first()
    if shared is None:
        return None
    rows = _rows(shared)
    facts = films_by_id(movie_ids=[number for number, _stars in rows[:MOST_FILMS]])
    films = tuple(SharedFilm(facts[number], stars) for number, stars in rows[:MOST_FILMS] if number in facts)
    return SharedPage(shared, shared.user.get_username(), films, len(rows))


def _rows(shared: SharedList) -> list[tuple[int, float | None]]:
    if shared.kind == SharedList.Kind.RATINGS:
        rated = Rating.objects.filter(user=shared.user_id).order_by("-stars", "-rated_at", "-pk")
        return list(rated.values_list("movie__movielens_id", "stars"))
    if shared.kind == SharedList.Kind.WATCHLIST:
        marked = WatchlistItem.objects.filter(user=shared.user_id).order_by("-created_at", "-pk")
        return [(number, None) for number in marked.values_list("movie__movielens_id", flat=True)]
    if shared.kind == SharedList.Kind.LIST:
        entries = FilmListEntry.objects.filter(film_list=shared.film_list_id)
        return [(number, None) for number in entries.values_list("movie__movielens_id", flat=True)]
    return [(int(number), None) for number in shared.films]


@dataclass(frozen=True)
class OwnList:
    """A list of the account: what it is, how many films it has."""

    kind: str
    name: str
    count: int
    number: int | None = None
    is_likes: bool = False


def own_lists(*, user: User) -> tuple[OwnList, ...]:
    """Everything that an account can show to others. Three queries."""
    lists = FilmList.objects.filter(user=user).annotate(count=Count("entries"))
    return (
        OwnList("ratings", "", Rating.objects.filter(user=user).count()),
        OwnList("watchlist", "", WatchlistItem.objects.filter(user=user).count()),
        *(
            OwnList("list", each.name, each.count, each.pk, each.kind == FilmList.Kind.LIKES)
            for each in lists
        ),
    )


def shared_by(*, user: User) -> tuple[SharedList, ...]:
    """The account's links that work, newest first. One query."""
    return tuple(SharedList.objects.filter(user=user, revoked_at=None))


def list_films(*, user: User, number: int) -> tuple[FilmList, tuple[FilmFacts, ...]] | None:
    """One of the account's own lists and its films in their order. Three queries."""
    found = FilmList.objects.filter(user=user, pk=number).first()
    if found is None:
        return None
    numbers = list(found.entries.values_list("movie__movielens_id", flat=True))
    facts = films_by_id(movie_ids=numbers)
    return found, tuple(facts[number] for number in numbers if number in facts)
