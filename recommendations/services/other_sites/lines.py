"""Bodies of one JSON object per line (NDJSON): each line counts or is refused by itself, and by its number."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from recommendations.errors import InvalidError
from recommendations.models.other_sites import LONGEST_KEY
from recommendations.stars import LEAST_STARS, MOST_STARS, STARS

MOST_LINES = 50_000
MOST_ERRORS_LISTED = 100
# Clocks differ by so much.
LENIENT = timedelta(minutes=5)
LARGEST_NUMBER = 2**31 - 1
# Earlier than films themselves, and so that every database can keep it.
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
_UNFIT = re.compile(r"[\x00-\x1f\x7f/\ud800-\udfff]")
T = TypeVar("T")


class LineError(InvalidError):
    """A line does not fit; the message says why."""


class TooManyLinesError(InvalidError):
    """The body has more lines than one request may have."""


@dataclass
class Report:
    """What became of the lines: how many counted, how many were refused, and why (the first hundred)."""

    accepted: int = 0
    refused: int = 0
    errors: list[dict[str, Any]] = field(default_factory=list)

    def refuse(self, line: int, error: Exception) -> None:
        """Count a line that did not fit."""
        self.refused += 1
        if len(self.errors) < MOST_ERRORS_LISTED:
            self.errors.append({"line": line, "message": str(error)})


def read_lines(body: bytes, check: Callable[[Mapping[str, Any]], T], report: Report) -> list[tuple[int, T]]:
    """Number (from 1) and checked content of the lines that fit; the others go into the ``report``. Empty lines are skipped.

    Raises
    ------
    TooManyLinesError
    """
    lines = body.split(b"\n")
    if len(lines) > MOST_LINES + 1:
        raise TooManyLinesError(
            _("The body has more than %(most)s lines. Send it in several requests.") % {"most": MOST_LINES}
        )
    read = []
    for number, raw in enumerate(lines, start=1):
        if not raw.strip():
            continue
        try:
            read.append((number, check(_object_of(raw))))
        except LineError as error:
            report.refuse(number, error)
    return read


def _object_of(raw: bytes) -> Mapping[str, Any]:
    try:
        read = _DECODER.decode(raw.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise LineError(_("This is not a line of JSON in UTF-8.")) from error
    if not isinstance(read, dict):
        raise LineError(_("This is not a JSON object."))
    return read


def _refuse_constant(name: str) -> float:
    raise ValueError(name)


# One for all lines: json.loads would make another for each of them.
_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def require_fields(fields: Mapping[str, Any], *, needed: frozenset[str], known: frozenset[str]) -> None:
    """Refuse a line that lacks a field or has one that nobody knows.

    Raises
    ------
    LineError
    """
    if missing := needed - fields.keys():
        raise LineError(_("%(name)s is missing.") % {"name": min(missing)})
    if unknown := fields.keys() - known:
        names = {"name": _shown(min(unknown)), "names": ", ".join(sorted(known))}
        raise LineError(_("There is no field %(name)s; the fields are %(names)s.") % names)


def checked_key(value: Any, name: str = "key") -> str:
    """The key of a person of another site.

    Raises
    ------
    LineError
    """
    if (
        not isinstance(value, str)
        or not 1 <= len(value) <= LONGEST_KEY
        or value in (".", "..")
        or _UNFIT.search(value)
    ):
        sentence = _(
            "%(name)s is %(value)s; expected text of 1 to %(most)s characters without “/” and control characters."
        )
        raise LineError(sentence % {"name": name, "value": _shown(value), "most": LONGEST_KEY})
    return value


def checked_number(value: Any, name: str, least: int, most: int) -> int:
    """A whole number within bounds.

    Raises
    ------
    LineError
    """
    if type(value) is not int or not least <= value <= most:
        sentence = _("%(name)s is %(value)s; expected a whole number from %(least)s to %(most)s.")
        raise LineError(sentence % {"name": name, "value": _shown(value), "least": least, "most": most})
    return value


def checked_choice(value: Any, name: str, choices: tuple[str, ...]) -> str:
    """One of a few words.

    Raises
    ------
    LineError
    """
    if not isinstance(value, str) or value not in choices:
        sentence = _("%(name)s is %(value)s; expected one of %(choices)s.")
        raise LineError(sentence % {"name": name, "value": _shown(value), "choices": ", ".join(choices)})
    return value


def checked_stars(value: Any) -> float:
    """The stars of a rating.

    Raises
    ------
    LineError
    """
    if type(value) not in (int, float) or value not in STARS:
        sentence = _("%(name)s is %(value)s; expected a whole number from %(least)s to %(most)s.")
        details = {"name": "stars", "value": _shown(value), "least": LEAST_STARS, "most": MOST_STARS}
        raise LineError(sentence % details)
    return float(value)


def checked_moment(value: Any, name: str, *, now: datetime) -> datetime:
    """A moment that has passed: ISO 8601 with its offset, or seconds since 1970.

    Raises
    ------
    LineError
    """
    moment = None
    try:
        if isinstance(value, str) and len(value) <= 40:
            moment = datetime.fromisoformat(value)
            moment = moment.astimezone(UTC) if moment.tzinfo else None
        elif type(value) in (int, float):
            moment = datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        moment = None
    if moment is None or moment < EARLIEST:
        sentence = _("%(name)s is %(value)s; expected a time such as %(example)s, or seconds since 1970.")
        raise LineError(sentence % {"name": name, "value": _shown(value), "example": "2026-01-31T20:15:00Z"})
    if moment > now + LENIENT:
        raise LineError(
            _("%(name)s is %(value)s, which is in the future.") % {"name": name, "value": _shown(value)}
        )
    return min(moment, now)


def _shown(value: Any) -> str:
    return Truncator(repr(value) if isinstance(value, str) else str(value)).chars(30)
