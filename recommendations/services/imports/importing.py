"""Preview of an import, and the import itself. Between the two nothing is stored: a signed token carries the plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.core import signing
from django.utils.translation import gettext as _

from accounts.models import User
from recommendations.models import Movie, Rating, WatchlistItem
from recommendations.selectors.catalogue import film_or_number
from recommendations.services.imports.decoding import decode
from recommendations.services.imports.errors import ImportFileError, ImportTokenError
from recommendations.services.imports.finding import MatchedRows, match_rows
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
MOST_MISSING_TOLD = 200
VALID_SECONDS = 24 * 3600
SALT = "movierec.imports"


@dataclass(frozen=True)
class SureMatch:
    """A film that was found, its stars, and the stars that the account has given it already.

    ``written`` is the rating as the file has it if the stars are not the same, and ``title`` the title of the file if
    it was recognised although that is another.
    """

    film: CatalogueFilm
    stars: int
    own_stars: int | None
    written: str = ""
    title: str = ""


@dataclass(frozen=True)
class Doubt:
    """A row whose film the person has to confirm: ``key`` names it in the decisions of :func:`apply_import`.

    ``likely`` is the number of the candidate that is to be chosen unless somebody says otherwise. ``stars`` are 0 for
    a row that goes on the watchlist.
    """

    key: str
    title: str
    year: int | None
    stars: int
    candidates: tuple[CatalogueFilm, ...]
    likely: int | None = None
    written: str = ""


@dataclass(frozen=True)
class ImportPreview:
    """What a file would bring. ``token`` is what :func:`apply_import` takes, good for a day and for this account.

    ``watchlist`` are films without stars that go on the watchlist. ``missing`` are titles that the catalogue does not
    have (the first of ``missing_count``); ``unrated`` and ``series`` rows are left out; of ``undated`` rows the date
    could not be read; ``guessed_encoding`` warns of wrong accents, ``by_number`` that films are named by number only.
    """

    source: str
    sure: tuple[SureMatch, ...]
    watchlist: tuple[CatalogueFilm, ...]
    doubts: tuple[Doubt, ...]
    doubts_left_out: int
    missing: tuple[str, ...]
    missing_count: int
    unrated: int
    series: int
    undated: int
    faults: tuple[Fault, ...]
    fault_count: int
    guessed_encoding: bool
    by_number: bool
    token: str

    @property
    def rounded(self) -> int:
        """How many ratings are brought in with other stars than the file has."""
        return sum(bool(row.written) for row in self.sure) + sum(bool(row.written) for row in self.doubts)


@dataclass(frozen=True)
class ImportOutcome:
    """What the import did to the ratings of the account, and how many films came onto the watchlist."""

    ratings: MergedRatings
    listed: int = 0


def preview_import(*, user: User, content: bytes, name: str = "") -> ImportPreview:
    """Read a file and match its films, without changing anything. Two queries.

    ``name`` is what the file is called: some exports have the same columns for different things.

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
    films = Movie.objects.order_by("-rating_count", "movielens_id")
    rows = films.values_list("movielens_id", "title", "original_title", "year")
    parsed = parse_ratings(decoded.text, name=name)
    matched = match_rows(parsed, Matcher(CatalogueFilm(*row) for row in rows))
    own = dict(Rating.objects.filter(user=user).values_list("movie__movielens_id", "stars"))
    return _preview(user, parsed, matched, own, guessed=decoded.guessed)


def _preview(
    user: User, parsed: ParsedFile, found: MatchedRows, own: Mapping[int, int], *, guessed: bool
) -> ImportPreview:
    plan = {
        "user": user.pk,
        "sure": [[number, row.stars, to_microseconds(at)] for number, (row, _film, at) in found.sure.items()],
        "watchlist": list(found.watchlist),
        "doubts": {
            str(row.line): [row.stars, to_microseconds(at), [film.movie_id for film in match.candidates]]
            for row, match, at in found.doubts
        },
    }
    return ImportPreview(
        source=parsed.source,
        sure=tuple(
            SureMatch(film, row.stars, own.get(number), row.written, found.renamed.get(number, ""))
            for number, (row, film, _at) in found.sure.items()
        ),
        watchlist=tuple(found.watchlist.values()),
        doubts=tuple(
            Doubt(
                key=str(row.line),
                title=_name(row),
                year=row.year,
                stars=row.stars,
                candidates=match.candidates,
                likely=match.likely.movie_id if match.likely else None,
                written=row.written,
            )
            for row, match, _at in found.doubts
        ),
        doubts_left_out=found.left_out,
        missing=tuple(map(_name, found.missing[:MOST_MISSING_TOLD])),
        missing_count=len(found.missing),
        unrated=parsed.unrated,
        series=parsed.series,
        undated=parsed.undated,
        faults=tuple(parsed.faults),
        fault_count=parsed.fault_count,
        guessed_encoding=guessed,
        by_number=parsed.by_number,
        token=signing.dumps(plan, salt=SALT, compress=True),
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
    rows = list(plan["sure"])
    for key, movie_id in (decisions or {}).items():
        stars, moment, offered = plan["doubts"].get(key, (0, 0, ()))
        if movie_id not in offered:
            raise ImportTokenError(
                _("Line %(line)s: film %(number)s was not one of the proposals. Choose the file again.")
                % {"line": key[:12], "number": movie_id}
            )
        rows.append([movie_id, stars, moment])
    ratings = [TimedRating(number, stars, from_microseconds(at)) for number, stars, at in rows if stars]
    listed = {*plan["watchlist"], *(number for number, stars, _at in rows if not stars)}
    watched = WatchlistItem.objects.filter(user=user)
    before = watched.count() if listed else 0
    merged = merge_marks(user=user, ratings=ratings, watchlist=sorted(listed))
    return ImportOutcome(merged, listed=watched.count() - before if listed else 0)


def _name(rating: ParsedRating) -> str:
    return rating.title or film_or_number(None, rating.movie_id or 0).title
