"""Preview of an import: what a file would bring. Between it and the import a signed token carries the plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from accounts.models import User
from recommendations.models import Rating
from recommendations.ranking.dataset import DataSet
from recommendations.selectors.catalogue import film_or_number
from recommendations.selectors.lists.champion import champion_data
from recommendations.services.imports.bringing import ImportOutcome, bring_in
from recommendations.services.imports.errors import (
    ImportFileError,
    ImportTokenError,
    TooLongError,
)
from recommendations.services.imports.finding import MatchedRows, Progress, match_rows
from recommendations.services.imports.formats import Format
from recommendations.services.imports.kinds import SEEN, WATCHLIST
from recommendations.services.imports.known_films import load_matcher
from recommendations.services.imports.matching import CatalogueFilm
from recommendations.services.imports.parsing import MOST_ROWS
from recommendations.services.imports.reading import read_files
from recommendations.services.imports.rows import Fault, ParsedFile, ParsedRating, list_name
from recommendations.services.merging import to_microseconds
from recommendations.stars import MOST_STARS, plain_stars

# Files up to here are read while somebody waits; longer ones, up to the second limit, by a job.
MOST_BYTES, MOST_BYTES_OF_JOBS = 5_000_000, 25_000_000
MOST_ROWS_OF_JOBS = 1_000_000
MOST_MISSING_TOLD = 200
MOST_SURE_KEPT = 1_000
MOST_UNREAD_TOLD = 20
VALID_SECONDS = 24 * 3600
SALT = "movierec.imports"


@dataclass(frozen=True)
class SureMatch:
    """A film that was found, its stars, and the stars that the account has given it already.

    ``written`` is the rating as the file has it if the stars are not the same, and ``title`` the title of the file if
    it was recognised although that is another.
    """

    film: CatalogueFilm
    stars: float
    own_stars: float | None
    written: str = ""
    title: str = ""


@dataclass(frozen=True)
class Doubt:
    """A row whose film the person has to confirm: ``key`` names it in the decisions of :func:`apply_import`.

    ``likely`` is the number of the candidate that is to be chosen unless somebody says otherwise. ``stars`` are 0 for
    a row without a rating; ``use`` says what it is then.
    """

    key: str
    title: str
    year: int | None
    stars: float
    candidates: tuple[CatalogueFilm, ...]
    likely: int | None = None
    written: str = ""
    use: str = WATCHLIST


@dataclass(frozen=True)
class ImportPreview:
    """What a file would bring. ``token`` is what :func:`apply_import` takes, good for a day and for this account.

    ``watchlist`` are films without stars that go on the watchlist, ``seen`` counts viewings, ``likes`` hearts and
    ``lists`` the films of each list. ``missing`` are titles that the catalogue does not have (the first of
    ``missing_count``); ``unrated`` and ``series`` rows are left out, as are the ``unread`` files of an archive; of
    ``undated`` rows the date could not be read; ``guessed_encoding`` warns of wrong accents, ``by_number`` that films
    are named by number only.
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
    seen: int = 0
    likes: int = 0
    lists: dict[str, int] = field(default_factory=dict)
    unread: tuple[str, ...] = ()

    @property
    def rounded(self) -> int:
        """How many ratings are brought in with other stars than the file has."""
        return sum(bool(row.written) for row in self.sure) + sum(bool(row.written) for row in self.doubts)

    @property
    def sure_count(self) -> int:
        """How many films were recognised with stars."""
        return len(self.sure)

    def to_dict(self) -> dict[str, Any]:
        """As plain data, to be kept and shown later; of very many films the first."""
        kept = asdict(self) | {"rounded": self.rounded, "sure_count": self.sure_count}
        for name in ("sure", "watchlist"):
            kept[name] = kept[name][:MOST_SURE_KEPT]
        return kept


def preview_import(
    *,
    user: User,
    content: bytes,
    name: str = "",
    chosen: Format | None = None,
    most_rows: int = MOST_ROWS,
    most_bytes: int = MOST_BYTES,
    progress: Progress | None = None,
) -> ImportPreview:
    """Read a file and match its films, without changing anything. Two queries.

    ``name`` is what the file is called: some exports have the same columns for different things. ``chosen`` is what
    somebody said about the columns of a table; ``progress`` is told the part that is done.

    Raises
    ------
    TooLongError
        If it is too large to be read while somebody waits.
    ImportFileError
    """
    if len(content) > most_bytes:
        raise TooLongError(
            _("This file is larger than %(most)s MB. Split it and import one part after the other.")
            % {"most": most_bytes // 1_000_000}
        )
    parsed = _as_the_data(read_files(content, name=name, chosen=chosen, most_rows=most_rows))
    matched = match_rows(parsed, load_matcher(), progress)
    own = dict(Rating.objects.filter(user=user).values_list("movie__movielens_id", "stars"))
    return _preview(user, parsed, matched, own)


def ratings_of_file(*, content: bytes, name: str = "") -> dict[int, float]:
    """What a file says of films, as numbers and stars (1 to 5), for somebody who keeps nothing here; oldest first.

    Only films that are as good as sure count; one that is liked without stars counts as loved. One query.

    Raises
    ------
    TooLongError, ImportFileError
        Also if no film of it is here that has stars or is liked.
    """
    if len(content) > MOST_BYTES:
        raise TooLongError(
            _("This file is larger than %(most)s MB. Split it and import one part after the other.")
            % {"most": MOST_BYTES // 1_000_000}
        )
    found = match_rows(_as_the_data(read_files(content, name=name)), load_matcher())
    timed = {number: (at, row.stars) for number, (row, _film, at) in found.sure.items()}
    for row, match, at in found.doubts:
        if match.likely is not None and row.stars:
            timed.setdefault(match.likely.movie_id, (at, row.stars))
    loved = {number: MOST_STARS for number in found.likes if number not in timed}
    rated = loved | {
        number: stars for number, (_at, stars) in sorted(timed.items(), key=lambda each: each[1])
    }
    if not rated:
        raise ImportFileError(
            _("No film of this file that is in the catalogue has a rating. Pick some films instead.")
        )
    return rated


def _as_the_data(parsed: ParsedFile) -> ParsedFile:
    """Half stars stay where the data of the champion have them, and numbers of MovieLens-100k mean nothing elsewhere.

    Raises
    ------
    ImportFileError
        If the file names films by the numbers of another data set.
    """
    data = champion_data()
    if parsed.by_number and data.name != DataSet().name:
        raise ImportFileError(
            _(
                "This file names films by the numbers of MovieLens 100k; this site shows other films (%(name)s). Add the"
                " titles as a column “title”."
            )
            % {"name": data.name}
        )
    if data.has_halves:
        for rows in (parsed.ratings, parsed.others):
            rows[:] = [
                replace(row, stars=plain_stars(row.half), written="") if row.stars and row.half else row
                for row in rows
            ]
    return parsed


def _viewing(row: ParsedRating) -> list[Any]:
    return [row.seen_on.isoformat() if row.seen_on else None, row.again, row.half, row.diary]


def _preview(user: User, parsed: ParsedFile, found: MatchedRows, own: Mapping[int, float]) -> ImportPreview:
    viewings = found.viewings()
    plan = {
        "user": user.pk,
        "source": parsed.source,
        "sure": [[number, row.stars, to_microseconds(at)] for number, (row, _film, at) in found.sure.items()],
        "watchlist": list(found.watchlist),
        "seen": [[film.movie_id, *_viewing(row)] for row, film in viewings],
        "likes": list(found.likes),
        "lists": {name: list(films) for name, films in found.lists.items()},
        "doubts": {
            row.key: [
                row.stars,
                to_microseconds(at),
                [film.movie_id for film in match.candidates],
                row.use,
                list_name(row),
                _viewing(row) if row.use == SEEN else None,
            ]
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
                key=row.key,
                title=_name(row),
                year=row.year,
                stars=row.stars,
                candidates=match.candidates,
                likely=match.likely.movie_id if match.likely else None,
                written=row.written,
                use=row.use,
            )
            for row, match, _at in found.doubts
        ),
        doubts_left_out=found.left_out,
        missing=tuple(dict.fromkeys(map(_name, found.missing)))[:MOST_MISSING_TOLD],
        missing_count=len(found.missing),
        unrated=parsed.unrated,
        series=parsed.series,
        undated=parsed.undated,
        faults=tuple(parsed.faults),
        fault_count=parsed.fault_count,
        guessed_encoding=parsed.guessed,
        by_number=parsed.by_number,
        token=signing.dumps(plan, salt=SALT, compress=True),
        seen=len(viewings),
        likes=len(found.likes),
        lists={name: len(films) for name, films in found.lists.items()},
        unread=tuple(parsed.unread[:MOST_UNREAD_TOLD]),
    )


def apply_import(
    *, user: User, token: str, decisions: Mapping[str, int] | None = None, name: str = ""
) -> ImportOutcome:
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
    for key, movie_id in (decisions or {}).items():
        stars, moment, offered, use, listed, viewing = plan["doubts"].get(key, (0, 0, (), "", "", None))
        if movie_id not in offered:
            raise ImportTokenError(
                _("Line %(line)s: film %(number)s was not one of the proposals. Choose the file again.")
                % {"line": key[:12], "number": movie_id}
            )
        if stars:
            plan["sure"].append([movie_id, stars, moment])
        if use == SEEN:
            plan["seen"].append([movie_id, *viewing])
        elif use == WATCHLIST and not stars:
            plan["watchlist"].append(movie_id)
        elif use == "like":
            plan["likes"].append(movie_id)
        elif use == "list":
            plan["lists"].setdefault(listed, []).append(movie_id)
    return bring_in(user=user, plan=plan, name=name)


def _name(rating: ParsedRating) -> str:
    return rating.title or film_or_number(None, rating.movie_id or 0).title
