"""Finds out how a source rates, from how often each text stands in the column of the stars."""

from __future__ import annotations

from collections.abc import Mapping

from spark_jobs.data_files import DataError
from spark_jobs.sources.base import SCALES, Scale

# Up to this share of values outside of a scale are mistakes; up to the second, two scales are mixed.
MISTAKES, MIXED = 0.01, 0.10


def find_scale(counts: Mapping[str, int], where: str) -> Scale:
    """The scale of the values that were counted; ``where`` names the table in messages.

    Raises
    ------
    DataError
        If it is none of :data:`SCALES`, or two are mixed.
    """
    total = sum(counts.values())
    way_out = f'say which it is in a dataset.toml: scale = "…", one of {", ".join(SCALES)}.'
    if not total:
        return SCALES["seen"]
    words, thumbs = {text.strip().lower(): number for text, number in counts.items()}, SCALES["thumbs"].words
    if {text for text in words if text} <= {"1", "1.0", "seen", "watched", "true", "yes", "x"}:
        return SCALES["seen"]
    if sum(number for text, number in words.items() if text in thumbs) >= (1 - MISTAKES) * total:
        return SCALES["thumbs"]
    numbers: dict[float, int] = {}
    for text, number in counts.items():
        value = as_number(text)
        if value is not None:
            numbers[value] = numbers.get(value, 0) + number
    if sum(numbers.values()) < (1 - MIXED) * total:
        strange = next(text for text in counts if as_number(text) is None)
        raise DataError(f"The ratings of {where} are no numbers (such as {strange!r}); {way_out}")
    known = sum(numbers.values())
    if any(value < 0 or value > 100 for value in numbers):
        outside = sum(number for value, number in numbers.items() if value < 0 or value > 100)
        if outside > MISTAKES * known:
            raise DataError(
                f"The ratings of {where} go from {min(numbers):g} to {max(numbers):g}, which is no scale that is known; {way_out}"
            )
    for most, beyond in ((5.0, "1-10"), (10.0, "0-100")):
        above = sum(number for value, number in numbers.items() if value > most)
        if above <= MISTAKES * known:
            break
        if above < MIXED * known:
            raise DataError(
                f"The ratings of {where} seem to mix two scales: {1 - above / known:.0%} are at most {most:g}, the others "
                f"go up to {max(numbers):g} (as in {beyond}); {way_out}"
            )
    else:
        return SCALES["0-100"]
    within = {value: number for value, number in numbers.items() if 0 <= value <= most}
    has_zero = within.get(0.0, 0) > MISTAKES * known
    if most == 10.0:
        return SCALES["0-10" if has_zero else "1-10"]
    halves = sum(number for value, number in within.items() if value % 1)
    if has_zero:
        return SCALES["0-5"]
    return SCALES["0.5-5"] if halves > MISTAKES * known else SCALES["1-5"]


def as_number(text: str) -> float | None:
    """A number as people write it, with a point or a comma; ``None`` for anything else."""
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return value if value == value and abs(value) < 1e9 else None
