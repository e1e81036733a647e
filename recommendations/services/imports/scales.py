"""Stars and moments as other places write them. Plain Python."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation

_EARLIEST_YEAR = 1900
_LATEST_SECOND = 32_503_680_000  # the year 3000


def stars_of_five(text: str) -> int | None:
    """Half stars from 0.5 to 5 as 1 to 5: halves count upwards. ``None`` if it is no such number."""
    number = _number(text)
    if number is None or not Decimal("0.5") <= number <= 5 or (2 * number) % 1:
        return None
    return math.ceil(number)


def stars_of_ten(text: str) -> int | None:
    """1 to 10 as 1 to 5: 1 and 2 are one star, 9 and 10 are five. ``None`` if it is no such number."""
    number = _number(text)
    if number is None or not 1 <= number <= 10 or number % 1:
        return None
    return math.ceil(number / 2)


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
    """A whole number from 1 to ``most``, or ``None``."""
    text = text.strip()
    if not (text.isascii() and text.isdigit()) or len(text) > 12:
        return None
    number = int(text)
    return number if 1 <= number <= most else None


def moment_of_day(text: str) -> datetime | None:
    """``2020-05-17`` or an ISO moment, since 1900; ``None`` if it is neither."""
    text = text.strip()
    try:
        if len(text) == 10:
            moment = datetime.combine(date.fromisoformat(text), time(), UTC)
        else:
            moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return moment if moment.year >= _EARLIEST_YEAR else None


def moment_of_seconds(text: str) -> datetime | None:
    """Seconds since 1970, or ``None``."""
    seconds = whole_number(text, most=_LATEST_SECOND)
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
