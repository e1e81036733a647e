"""Stars, years and moments as other places write them. Plain Python."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import lru_cache

_EARLIEST_YEAR = 1900
_LATEST_SECOND = 32_503_680_000  # the year 3000
_YEAR = re.compile(r"(\d{4})(?:[.,]0*|-\d\d-\d\d)?", re.ASCII)
# What a film's place gives as day of release: "1994-09-10(Toronto) / 1994-10-14", "2010-07-16T00:00:00Z".
_DATED = re.compile(r"(\d{4})-\d\d-\d\d(?!\d)", re.ASCII)
_DAY = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?:[ T,].*)?", re.ASCII)
# "Wed Mar 11 00:00:00 2015" of the old IMDb, "Oct. 12 2014, 12:00am" of Criticker, "31 December 2020".
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = (
    re.compile(
        r"(?:[a-z]{3,9},? )?(?P<month>[a-z]{3})[a-z]*\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,?(?: [\d:]+)? (?P<year>\d{4})\b",
        re.ASCII,
    ),
    re.compile(
        r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\.? (?P<month>[a-z]{3})[a-z]*\.?,? (?P<year>\d{4})\b", re.ASCII
    ),
)
# A day without a time is kept as its noon, so that it is the same day in every time zone but one.
_NOON = time(12)


# Ratings in words: Douban's five.
_WORDS = {"力荐": "5", "推荐": "4", "还行": "3", "较差": "2", "很差": "1"}


@lru_cache(maxsize=256)
def halves_of(text: str, top: int, *, fine: bool = False) -> int | None:
    """A rating up to ``top`` in half stars, 1 to 10; ``None`` if it is none.

    Five stars may have halves and ten points have none; on a ``fine`` scale, and on every other one, what lies between
    two half stars counts as the lower one.
    """
    text = text.strip()
    if text and not text.strip("★½") and top == 5:
        text = str(text.count("★") + text.count("½") / 2)
    number = _number(_WORDS.get(text, text.removesuffix(f"/{top}")))
    if number is None or number > top or number < 0:
        return None
    if top == 5:
        return int(2 * number) if number and not (2 * number) % 1 else None
    if top == 10 and not fine:
        return int(number) if number and not number % 1 else None
    return max(math.floor(number * 10 / top), 1) if number or top > 10 else None


def stars_of_halves(halves: int) -> int:
    """Half stars as 1 to 5 whole ones.

    Halves count downwards, only half a star is one: nothing gets better by it, and four stars, which count as liked
    here, are four stars where the file comes from.
    """
    return max(halves // 2, 1)


def _number(text: str) -> Decimal | None:
    # A comma is the decimal sign of half of Europe's spreadsheets.
    text = text.strip().replace(",", ".")
    if not text or len(text) > 10:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def whole_number(text: str, *, most: int) -> int | None:
    """A whole number from 1 to ``most``, or ``None``; ``50.0`` is one, as tables of floats write it."""
    text = text.strip().removesuffix(".0")
    if not (text.isascii() and text.isdigit()) or len(text) > 12:
        return None
    number = int(text)
    return number if 1 <= number <= most else None


def year_of(text: str) -> int | None:
    """``1995``, ``1995.0``, the year of ``1995-11-22`` or of a longer text that begins with a day; ``None`` if it is
    none of them."""
    found = _YEAR.fullmatch(text.strip()) or _DATED.match(text.strip())
    return (int(found[1]) or None) if found else None


def days_come_first(texts: Iterable[str]) -> bool | None:
    """Whether dates like ``3/4/2020`` begin with the day: told by one with a number above 12, else not known."""
    for text in texts:
        found = _DAY.fullmatch(text.strip()) if "/" in text else None
        if found and found[2] == "/" and len(found[1]) < 3:
            first, second = int(found[1]), int(found[3])
            if first > 12 or second > 12:
                return first > 12
    return None


@lru_cache(maxsize=1024)
def moment_of_day(text: str, day_first: bool | None = None) -> datetime | None:
    """``2020-05-17``, ``17.05.2020``, ``17/05/2020`` or an ISO moment, since 1900; ``None`` if it is none of them.

    ``day_first`` tells how a date with slashes begins; without it, one that could be two days is not read.
    """
    text = text.strip()
    try:
        found = _DAY.fullmatch(text)
        if found and (len(found[1]) < 4 or found[2] != "-" or len(text) == 10):
            day = _day(found, day_first)
            if day is None:
                return None
            moment = datetime.combine(day, _NOON)
        elif text[:1].isalpha() or text[-4:].isdigit() and " " in text:
            moment = datetime.combine(_named_day(text.lower()), _NOON)
        else:
            moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return moment if moment.year >= _EARLIEST_YEAR else None


def _named_day(text: str) -> date:
    for pattern in _NAMED:
        found = pattern.match(text)
        if found and found["month"] in _MONTHS:
            return date(int(found["year"]), _MONTHS.index(found["month"]) + 1, int(found["day"]))
    raise ValueError(text)


def _day(found: re.Match[str], day_first: bool | None) -> date | None:
    first, second, third = int(found[1]), int(found[3]), int(found[4])
    if len(found[1]) == 4:
        return date(first, second, third)
    year = third
    if len(found[4]) == 2:
        year += 2000 if third <= date.today().year % 100 else 1900
    if found[2] == "/" and first != second:
        if day_first is None:
            return None
        if not day_first:
            first, second = second, first
    return date(year, second, first)


def moment_of_seconds(text: str) -> datetime | None:
    """Seconds since 1970, or ``None``."""
    seconds = whole_number(text, most=_LATEST_SECOND)
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
