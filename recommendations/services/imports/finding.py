"""The rows of a file beside the films of the catalogue: found, doubtful, or not there. Plain Python."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from recommendations.services.imports.matching import CatalogueFilm, Match, Matcher
from recommendations.services.imports.parsing import ParsedFile, ParsedRating, other_release

# So many rows are asked about.
MOST_DOUBTS = 100


@dataclass
class MatchedRows:
    """The rows of a file and their films; of ``sure`` the row, the film and when, by the film's number.

    ``renamed`` are the titles of the file, by number, of those that were only likely.
    """

    sure: dict[int, tuple[ParsedRating, CatalogueFilm, datetime]] = field(default_factory=dict)
    watchlist: dict[int, CatalogueFilm] = field(default_factory=dict)
    doubts: list[tuple[ParsedRating, Match, datetime]] = field(default_factory=list)
    left_out: int = 0
    missing: list[ParsedRating] = field(default_factory=list)
    renamed: dict[int, str] = field(default_factory=dict)

    def add(self, row: ParsedRating, film: CatalogueFilm, moment: datetime, *, likely: bool = False) -> None:
        """This film is what the row means."""
        number = film.movie_id
        if not row.stars:
            self.watchlist[number] = film
        elif number not in self.sure or self.sure[number][2] <= moment:
            self.sure[number] = (row, film, moment)
            self.renamed.pop(number, None)
            if likely:
                self.renamed[number] = row.title


def match_rows(parsed: ParsedFile, matcher: Matcher) -> MatchedRows:
    """Find the films. Of two rows of a film the newer one counts; a likely film for which there is no room among the
    doubts counts as found, so that nothing that is as good as sure gets lost.

    Raises
    ------
    ImportFileError
        If a number is not one of MovieLens-100k although the file names films by number.
    """
    if parsed.by_number and any(row.movie_id not in matcher.numbers for row in parsed.ratings):
        raise other_release()
    found, now = MatchedRows(), timezone.now()
    uncertain: list[tuple[ParsedRating, Match, datetime]] = []
    for place, row in enumerate((*parsed.ratings, *parsed.watchlist)):
        match, moment = matcher.match(row), _moment(row, place, now)
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
    found.doubts.sort(key=lambda doubt: doubt[0].line)
    return found


def _moment(rating: ParsedRating, place: int, now: datetime) -> datetime:
    """When it was rated, or now; rows of one day keep the order of the file."""
    return min(min(rating.rated_at or now, now) + timedelta(microseconds=place), now)
