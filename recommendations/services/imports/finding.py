"""The rows of a file beside the films of the catalogue: found, doubtful, or not there. Plain Python."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from recommendations.services.imports.kinds import LIKE, LIST, SEEN, WATCHLIST
from recommendations.services.imports.matching import CatalogueFilm, Match, Matcher
from recommendations.services.imports.parsing import other_release
from recommendations.services.imports.rows import ParsedFile, ParsedRating, list_name

# So many rows are asked about.
MOST_DOUBTS = 100
_ROWS_BETWEEN_SIGNS = 500
Progress = Callable[[float], None]


@dataclass
class MatchedRows:
    """The rows of a file and their films; of ``sure`` the row, the film and when, by the film's number.

    ``seen`` are rows of films that were seen, with their films. ``renamed`` are the titles of the file, by number, of
    those that were only likely.
    """

    sure: dict[int, tuple[ParsedRating, CatalogueFilm, datetime]] = field(default_factory=dict)
    watchlist: dict[int, CatalogueFilm] = field(default_factory=dict)
    seen: list[tuple[ParsedRating, CatalogueFilm]] = field(default_factory=list)
    likes: dict[int, CatalogueFilm] = field(default_factory=dict)
    lists: dict[str, dict[int, CatalogueFilm]] = field(default_factory=dict)
    doubts: list[tuple[ParsedRating, Match, datetime]] = field(default_factory=list)
    left_out: int = 0
    missing: list[ParsedRating] = field(default_factory=list)
    renamed: dict[int, str] = field(default_factory=dict)

    def add(self, row: ParsedRating, film: CatalogueFilm, moment: datetime, *, likely: bool = False) -> None:
        """This film is what the row means."""
        number = film.movie_id
        if row.use == SEEN:
            self.seen.append((row, film))
        elif row.use == LIKE:
            self.likes[number] = film
        elif row.use == LIST:
            self.lists.setdefault(list_name(row), {})[number] = film
        elif row.use == WATCHLIST and not row.stars:
            self.watchlist[number] = film
        if row.stars and self._counts(row, number, moment):
            self.sure[number] = (row, film, moment)
            self.renamed.pop(number, None)
            if likely:
                self.renamed[number] = row.title

    def _counts(self, row: ParsedRating, number: int, moment: datetime) -> bool:
        """Of two ratings the newer one counts; that of one viewing gives way to one that is the film's alone."""
        if number not in self.sure:
            return True
        other, _film, at = self.sure[number]
        return at <= moment if row.diary == other.diary else other.diary

    def viewings(self) -> list[tuple[ParsedRating, CatalogueFilm]]:
        """Each viewing once: of a film with viewings of its own in the file, the day it was marked as seen says nothing more."""
        dated = {film.movie_id for row, film in self.seen if row.diary}
        found: dict[tuple[int, object], tuple[ParsedRating, CatalogueFilm]] = {}
        for row, film in self.seen:
            if row.diary or film.movie_id not in dated:
                found.setdefault((film.movie_id, row.seen_on), (row, film))
        return list(found.values())


def match_rows(parsed: ParsedFile, matcher: Matcher, progress: Progress | None = None) -> MatchedRows:
    """Find the films. Of two rows of a film the newer one counts; a likely film for which there is no room among the
    doubts counts as found, so that nothing that is as good as sure gets lost.

    ``progress`` is called now and then with the part (0 to 1) that is done.

    Raises
    ------
    ImportFileError
        If a number is not one of MovieLens-100k although the file names films by number.
    """
    if parsed.by_number and any(row.movie_id not in matcher.numbers for row in parsed.ratings):
        raise other_release()
    found, now = MatchedRows(), timezone.now()
    uncertain: list[tuple[ParsedRating, Match, datetime]] = []
    asked: dict[tuple[object, ...], Match] = {}
    rows = list(parsed.rows)
    for place, row in enumerate(rows):
        if progress is not None and not place % _ROWS_BETWEEN_SIGNS:
            progress(place / len(rows))
        about = (row.title, row.year, row.movie_id, row.original, row.others, row.imdb, row.tmdb)
        match = asked.get(about) or asked.setdefault(about, matcher.match(row))
        moment = _moment(row, place, now)
        if match.sure is not None:
            found.add(row, match.sure, moment)
        elif match.candidates:
            uncertain.append((row, match, moment))
        else:
            found.missing.append(row)
    # Those that are likely last: for them there is a way without asking.
    uncertain.sort(key=lambda doubt: doubt[1].likely is not None)
    for row, match, moment in uncertain:
        if len(found.doubts) < MOST_DOUBTS:
            found.doubts.append((row, match, moment))
        elif match.likely is not None:
            found.add(row, match.likely, moment, likely=True)
        else:
            found.left_out += 1
    found.doubts.sort(key=lambda doubt: (doubt[0].table, doubt[0].line))
    return found


def _moment(rating: ParsedRating, place: int, now: datetime) -> datetime:
    """When it was rated, or now; rows of one day keep the order of the file."""
    return min(min(rating.rated_at or now, now) + timedelta(microseconds=place), now)
