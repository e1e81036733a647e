"""Everything that this site keeps about an account, to be taken along."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import ApiToken, User
from recommendations.models import (
    FilmList,
    HiddenMovie,
    PausedMovie,
    PickedMovie,
    Rating,
    SeenMovie,
    UnwantedMovie,
    Viewing,
    WatchlistItem,
)
from recommendations.ranking.dials import Dials
from recommendations.services.imports.parsing import FORMULA_SIGNS

FILM = ("movie__movielens_id", "movie__title", "movie__year")
RATING_COLUMNS = ("movie_id", "title", "year", "stars", "rated_at")
DIARY_COLUMNS = ("movie_id", "title", "year", "seen_on", "again", "stars")
MARK_COLUMNS = ("movie_id", "title", "year", "added_at")
# The columns that Letterboxd's import reads; a row is a viewing, or a rating of a film that has none.
LETTERBOXD_COLUMNS = ("Title", "Year", "Rating", "WatchedDate", "Rewatch")
LETTERBOXD_LIST_COLUMNS = ("Title", "Year")
_NOT_IN_NAMES = re.compile(r"[^\w-]+")
_LONGEST_FILE_NAME = 60


def export_account(*, user: User) -> dict[str, Any]:
    """As plain data for JSON; moments in ISO 8601. Passwords and tokens are kept as hashes only and stay out. A
    handful of queries, and one more for each list of one's own."""
    lists = _lists(user)
    return {
        "format": "movierec-account-1",
        "exported_at": timezone.now().isoformat(),
        "account": {
            "name": user.username,
            "email": user.email,
            "since": user.date_joined.isoformat(),
            "last_sign_in": user.last_login.isoformat() if user.last_login else None,
        },
        "profile": {
            "age": user.age,
            "gender": user.gender or None,
            "occupation": user.occupation or None,
            "postcode": user.postcode or None,
        },
        "dials": Dials.from_dict(user.dials).to_dict(),
        "list_kind": user.list_kind,
        "hides_predicted_stars": user.hides_predicted_stars,
        "ratings": [_film(row) | {"stars": row[3], "rated_at": row[4].isoformat()} for row in _ratings(user)],
        "watchlist": [_film(row) | {"added_at": row[3].isoformat()} for row in _marks(WatchlistItem, user)],
        "hidden": [_film(row) | {"hidden_at": row[3].isoformat()} for row in _marks(HiddenMovie, user)],
        "seen": [_film(row) | {"marked_at": row[3].isoformat()} for row in _marks(SeenMovie, user)],
        "less_like_this": [
            _film(row) | {"marked_at": row[3].isoformat()} for row in _marks(UnwantedMovie, user)
        ],
        "picked_tastes": [
            _film(row) | {"marked_at": row[3].isoformat()} for row in _marks(PickedMovie, user)
        ],
        "not_tonight": [
            _film(row) | {"marked_at": row[3].isoformat(), "until": row[4].isoformat()}
            for row in _marks(PausedMovie, user, "until")
        ],
        "diary": [
            _film(row) | {"seen_on": row[3].isoformat() if row[3] else None, "again": row[4], "stars": row[5]}
            for row in _viewings(user)
        ],
        "likes": [film for kind, _name, films in lists if kind == FilmList.Kind.LIKES for film in films],
        "lists": [{"name": name, "films": films} for kind, name, films in lists if kind == FilmList.Kind.OWN],
        "api_tokens": [
            {
                "name": token.name,
                "scopes": token.scopes,
                "created_at": token.created.isoformat(),
                "expires_at": token.expiry.isoformat() if token.expiry else None,
            }
            for token in ApiToken.objects.filter(user=user)
        ],
    }


def export_ratings_csv(*, user: User) -> str:
    """The ratings, oldest first, as a file that the import reads again."""
    return _csv(RATING_COLUMNS, ((*row[:4], row[4].isoformat()) for row in _ratings(user)))


def export_archive(*, user: User) -> bytes:
    """Everything as a zip archive of CSV files: ``profile``, ``ratings``, each kind of mark, ``diary``, ``likes``,
    ``api_tokens``, and one for each list in the folder ``lists``."""
    account = export_account(user=user)
    profile = {**account["account"], **account["profile"]}
    tables = {
        "profile": (("what", "value"), list(profile.items())),
        "watchlist": _table(account["watchlist"], MARK_COLUMNS),
        "diary": _table(account["diary"], DIARY_COLUMNS),
        "likes": _table(account["likes"], MARK_COLUMNS),
        "hidden": _table(account["hidden"], ("movie_id", "title", "year", "hidden_at")),
        "seen": _table(account["seen"], ("movie_id", "title", "year", "marked_at")),
        "less_like_this": _table(account["less_like_this"], ("movie_id", "title", "year", "marked_at")),
        "picked_tastes": _table(account["picked_tastes"], ("movie_id", "title", "year", "marked_at")),
        "not_tonight": _table(account["not_tonight"], ("movie_id", "title", "year", "marked_at", "until")),
        "api_tokens": _table(account["api_tokens"], ("name", "scopes", "created_at", "expires_at")),
    }
    for place, each in enumerate(account["lists"], 1):
        films = [film | {"list": each["name"]} for film in each["films"]]
        tables[f"lists/{file_name(each['name'], place)}"] = _table(films, (*MARK_COLUMNS, "list"))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ratings.csv", export_ratings_csv(user=user))
        for name, (columns, rows) in tables.items():
            archive.writestr(f"{name}.csv", _csv(columns, rows))
    return packed.getvalue()


def export_letterboxd(*, user: User) -> bytes:
    """Everything in the layout that Letterboxd's import reads, as a zip archive: ``films`` (diary and ratings),
    ``watchlist``, ``likes`` and one file for each list.

    Cells are as they are: nothing in them comes from people, and an apostrophe before a title would keep the film from
    being found there.
    """
    account = export_account(user=user)
    seen = {entry["movie_id"] for entry in account["diary"]}
    rated = {entry["movie_id"]: entry["stars"] for entry in account["ratings"]}
    # Of the viewings of a film the last one carries the rating that counts now.
    last = {entry["movie_id"]: place for place, entry in enumerate(account["diary"])}
    rows = [
        (
            entry["title"],
            entry["year"] or "",
            _number(rated.get(entry["movie_id"]) if last[entry["movie_id"]] == place else entry["stars"]),
            entry["seen_on"] or "",
            "Yes" if entry["again"] else "",
        )
        for place, entry in enumerate(account["diary"])
    ]
    rows += [
        (entry["title"], entry["year"] or "", _number(entry["stars"]), "", "")
        for entry in account["ratings"]
        if entry["movie_id"] not in seen
    ]
    lists = {"watchlist": account["watchlist"], "likes": account["likes"]}
    for place, each in enumerate(account["lists"], 1):
        lists[f"lists/{file_name(each['name'], place)}"] = each["films"]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("films.csv", _plain_csv(LETTERBOXD_COLUMNS, rows))
        for name, films in lists.items():
            listed = [(film["title"], film["year"] or "") for film in films]
            archive.writestr(f"{name}.csv", _plain_csv(LETTERBOXD_LIST_COLUMNS, listed))
    return packed.getvalue()


def file_name(name: str, place: int) -> str:
    """A name for a file of the list with this name; its place among the lists keeps it apart from others."""
    return f"{place}-{_NOT_IN_NAMES.sub('-', name).strip('-')[:_LONGEST_FILE_NAME]}".rstrip("-")


def _number(stars: float | None) -> str:
    return "" if stars is None else f"{stars:g}"


def _viewings(user: User) -> Iterable[tuple[Any, ...]]:
    rows = Viewing.objects.filter(user=user).order_by("seen_on", "pk")
    return rows.values_list(*FILM, "seen_on", "again", "stars")


def _lists(user: User) -> list[tuple[str, str, list[dict[str, Any]]]]:
    """Kind, name and films of each list."""
    return [
        (
            each.kind,
            each.name,
            [
                _film(row) | {"added_at": row[3].isoformat()}
                for row in each.entries.values_list(*FILM, "created_at")
            ],
        )
        for each in FilmList.objects.filter(user=user)
    ]


def _ratings(user: User) -> QuerySet[Rating, tuple[Any, ...]]:
    return Rating.objects.filter(user=user).order_by("rated_at", "pk").values_list(*FILM, "stars", "rated_at")


def _marks(model: Any, user: User, *others: str) -> Iterable[tuple[Any, ...]]:
    rows = model.objects.filter(user=user).order_by("created_at", "pk")
    return rows.values_list(*FILM, "created_at", *others)


def _film(row: Sequence[Any]) -> dict[str, Any]:
    return {"movie_id": row[0], "title": row[1], "year": row[2]}


def _table(
    found: Iterable[dict[str, Any]], columns: tuple[str, ...]
) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    return columns, [tuple(each[column] for column in columns) for each in found]


def _csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(columns)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return written.getvalue()


def _plain_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    written = io.StringIO()
    csv.writer(written).writerows([columns, *rows])
    return written.getvalue()


def safe_cell(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula: text that begins like one gets an apostrophe before it."""
    if isinstance(value, list):
        value = " ".join(map(str, value))
    if isinstance(value, str) and value.startswith(FORMULA_SIGNS):
        return f"'{value}"
    return value
