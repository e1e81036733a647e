"""Preview of an import, and the import itself. Between the two nothing is stored: a signed token carries the plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from recommendations.models import Movie, Rating
from recommendations.selectors.catalogue import film_or_number
from recommendations.services.imports.decoding import decode
from recommendations.services.imports.errors import ImportFileError, ImportTokenError
from recommendations.services.imports.matching import CatalogueFilm, Matcher
from recommendations.services.imports.parsing import Fault, ParsedFile, ParsedRating, parse_ratings
from recommendations.services.merging import (
    MergedRatings,
    TimedRating,
    from_microseconds,
    merge_marks,
    to_microseconds,
)

MOST_BYTES = 5_000_000
MOST_DOUBTS, MOST_MISSING_TOLD = 100, 200
VALID_SECONDS = 24 * 3600
SALT = "movierec.imports"


@dataclass(frozen=True)
class SureMatch:
    """A film that was found, its stars, and the stars that the account has given it already."""

    film: CatalogueFilm
    stars: int
    own_stars: int | None


@dataclass(frozen=True)
class Doubt:
    """A row whose film the person has to confirm: ``key`` names it in the decisions of :func:`apply_import`."""

    key: str
    title: str
    year: int | None
    stars: int
    candidates: tuple[CatalogueFilm, ...]


@dataclass(frozen=True)
class ImportPreview:
    """What a file would bring. ``token`` is what :func:`apply_import` takes, good for a day and for this account.

    ``missing`` are titles that the catalogue does not have (the first of ``missing_count``); ``unrated`` and ``series``
    rows are left out; ``guessed_encoding`` warns of wrong accents, ``by_number`` that films are named by number only.
    """

    source: str
    sure: tuple[SureMatch, ...]
    doubts: tuple[Doubt, ...]
    doubts_left_out: int
    missing: tuple[str, ...]
    missing_count: int
    unrated: int
    series: int
    faults: tuple[Fault, ...]
    fault_count: int
    guessed_encoding: bool
    by_number: bool
    token: str


@dataclass(frozen=True)
class ImportOutcome:
    """What the import did to the ratings of the account."""

    ratings: MergedRatings


def preview_import(*, user: User, content: bytes) -> ImportPreview:
    """Read a file and match its films, without changing anything. Two queries.

    Raises
    ------
    ImportFileError
    """
    if len(content) > MOST_BYTES:
        raise ImportFileError(
            _("This file is larger than %(most)s MB. Split it and import one part after the other.")
            % {"most": MOST_BYTES // 1_000_000}
        )
    decoded = decode(content)
    return _match(user, parse_ratings(decoded.text), guessed=decoded.guessed)


def _match(user: User, parsed: ParsedFile, *, guessed: bool) -> ImportPreview:
    films = Movie.objects.order_by("-rating_count", "movielens_id")
    rows = films.values_list("movielens_id", "title", "original_title", "year")
    matcher = Matcher(CatalogueFilm(*row) for row in rows)
    sure: dict[int, tuple[CatalogueFilm, TimedRating]] = {}
    doubts: list[Doubt] = []
    missing: list[str] = []
    left_out = missing_count = 0
    plan_doubts: dict[str, list[Any]] = {}
    now = timezone.now()
    for place, rating in enumerate(parsed.ratings):
        match, moment = matcher.match(rating), _moment(rating, place, now)
        if match.sure is not None:
            number = match.sure.movie_id
            if number not in sure or sure[number][1].rated_at <= moment:
                sure[number] = (match.sure, TimedRating(number, rating.stars, moment))
        elif match.candidates and len(doubts) < MOST_DOUBTS:
            doubts.append(Doubt(str(rating.line), _name(rating), rating.year, rating.stars, match.candidates))
            numbers = [film.movie_id for film in match.candidates]
            plan_doubts[str(rating.line)] = [rating.stars, to_microseconds(moment), numbers]
        elif match.candidates:
            left_out += 1
        else:
            missing_count += 1
            if len(missing) < MOST_MISSING_TOLD:
                missing.append(_name(rating))
    own = dict(Rating.objects.filter(user=user).values_list("movie__movielens_id", "stars"))
    plan = [[rated.movie_id, rated.stars, to_microseconds(rated.rated_at)] for _film, rated in sure.values()]
    return ImportPreview(
        source=parsed.source,
        sure=tuple(SureMatch(film, rated.stars, own.get(number)) for number, (film, rated) in sure.items()),
        doubts=tuple(doubts),
        doubts_left_out=left_out,
        missing=tuple(missing),
        missing_count=missing_count,
        unrated=parsed.unrated,
        series=parsed.series,
        faults=tuple(parsed.faults),
        fault_count=parsed.fault_count,
        guessed_encoding=guessed,
        by_number=parsed.source == "MovieLens 100k",
        token=signing.dumps({"user": user.pk, "sure": plan, "doubts": plan_doubts}, salt=SALT, compress=True),
    )


def apply_import(*, user: User, token: str, decisions: Mapping[str, int] | None = None) -> ImportOutcome:
    """Bring the sure matches in, and of the doubtful rows those that were decided (``key`` to MovieLens number).

    One transaction and one refresh of the person's document; of two ratings of a film the newer one wins, so that
    doing it twice changes nothing. A decision for a film that was not offered is refused.

    Raises
    ------
    ImportTokenError
        If the token is not of a preview of this account or too old, or a decision does not fit.
    """
    try:
        plan = signing.loads(token, salt=SALT, max_age=VALID_SECONDS)
    except signing.BadSignature as error:
        raise ImportTokenError(_("This preview is too old or incomplete. Choose the file again.")) from error
    if plan["user"] != user.pk:
        raise ImportTokenError(_("This preview belongs to another account. Choose the file again."))
    ratings = [
        TimedRating(number, stars, from_microseconds(moment)) for number, stars, moment in plan["sure"]
    ]
    for key, movie_id in (decisions or {}).items():
        stars, moment, offered = plan["doubts"].get(key, (0, 0, ()))
        if movie_id not in offered:
            raise ImportTokenError(
                _("Line %(line)s: film %(number)s was not one of the proposals. Choose the file again.")
                % {"line": key[:12], "number": movie_id}
            )
        ratings.append(TimedRating(movie_id, stars, from_microseconds(moment)))
    return ImportOutcome(merge_marks(user=user, ratings=ratings))


def _name(rating: ParsedRating) -> str:
    return rating.title or film_or_number(None, rating.movie_id or 0).title


def _moment(rating: ParsedRating, place: int, now: datetime) -> datetime:
    """When it was rated, or now; rows of one day keep the order of the file."""
    return min(rating.rated_at or now, now) + timedelta(microseconds=place) - timedelta(seconds=1)
