"""How figures are written: one measure has one rounding, whether it stands in a table, a chart or a sentence."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MEASURE_DIGITS = 4
NOT_MEASURED = "–"
_DAYS_FROM = 48 * 3600


def figure(value: float | None, digits: int = MEASURE_DIGITS) -> str:
    """``value`` rounded to so many decimals, with the decimal sign of the active language; a dash for None.

    Django's ``number_format`` alone cuts decimals off instead of rounding, its template filter rounds: so 0.22155 was
    0.2215 on one page and 0.2216 on another.
    """
    if value is None:
        return NOT_MEASURED
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return number_format(rounded, digits)


def percentage(share: float | None, digits: int = 0) -> str:
    """A share of 1 in per cent, without the sign: the sentence around it knows how the language sets it."""
    return figure(None if share is None else 100 * share, digits)


def duration(seconds: float | None) -> str:
    """A time in the two largest units that it has: ``85`` is 1 min 25 s; from two days on in days; a dash for None."""
    if seconds is None:
        return NOT_MEASURED
    whole = max(0, round(seconds))
    given = {"hours": whole // 3600, "minutes": whole // 60 % 60, "seconds": whole % 60}
    if whole >= _DAYS_FROM:
        days = whole // 86_400
        return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}
    if whole < 60:
        return _("%(seconds)s s") % given
    return (_("%(minutes)s min %(seconds)s s") if whole < 3600 else _("%(hours)s h %(minutes)s min")) % given


def rough_duration(seconds: float) -> str:
    """The same for what is only guessed: in steps of five seconds, above two minutes in minutes."""
    if seconds >= 120:
        return _("%(minutes)s min") % {"minutes": round(seconds / 60)}
    return _("%(seconds)s s") % {"seconds": max(5, 5 * round(seconds / 5))}
