"""Sentences that are kept in the database (the audit log, messages of jobs, reasons): written in English, read in any language.

Whoever wrote one and whoever reads it need not share a language, and a worker has none. So the English sentence is kept,
and what reads it finds the sentence with gaps that it was made from, and fills the translation of that.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from django.utils import translation
from django.utils.formats import get_format
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_noop

from recommendations.models import Job, PromotionEvent

JOB_STARTED = gettext_noop("Started: %(job)s")
JOB_CANCELLED = gettext_noop("Cancelled: %(job)s")
JOB_RUN_AGAIN = gettext_noop("Run again: %(job)s, after %(parent)s")
JOB_SEEN = gettext_noop("Seen: %(job)s")
SWITCHED = gettext_noop("%(kind)s: from %(previous)s to %(version)s. Reason: %(reason)s")
SWITCHED_OVERRIDDEN = gettext_noop(
    "%(kind)s: from %(previous)s to %(version)s. Reason: %(reason)s The gate was overridden."
)
VERSION_SEEN = gettext_noop("Seen that the gate refuses it: %(version)s")
NOTE_WRITTEN = gettext_noop("Note: %(note)s")
NOTE_REMOVED = gettext_noop("The note was removed.")
RULE_MADE = gettext_noop("Rule made: %(act)s, films by %(films)s, for %(audience)s")
RULE_ENDED = gettext_noop("Rule ended: %(rule)s")
ROW_PLACED = gettext_noop("Row %(row)s shown at place %(place)s")
ROW_HIDDEN = gettext_noop("Row %(row)s not shown (place %(place)s)")
LISTS_RANDOMISED = gettext_noop("Share of lists in a drawn order: %(share)s (before: %(before)s)")
FILM_PUT = gettext_noop("New film put: %(film)s")
FILM_CHANGED = gettext_noop("New film changed: %(film)s")
FILM_WITHDRAWN = gettext_noop("New film withdrawn: %(film)s")
EXPOSURE_SET = gettext_noop("Share of a list for new films: %(share)s")
API_SUBMITTED = gettext_noop("Submitted over the API.")
API_CANCELLED = gettext_noop("Cancelled over the API.")
API_RUN_AGAIN = gettext_noop("Run again over the API.")
API_SWITCHED = gettext_noop("Made the champion over the API: %(reason)s")
API_SWITCHED_OVERRIDDEN = gettext_noop("Made the champion over the API: %(reason)s The gate was overridden.")
COMMAND_SWITCHED = gettext_noop("Made the champion on the command line: %(reason)s")
COMMAND_SWITCHED_OVERRIDDEN = gettext_noop(
    "Made the champion on the command line: %(reason)s The gate was overridden."
)
API_SCHEDULE = gettext_noop("Changed over the API: %(what)s")
CANCELLED_BY = gettext_noop("Cancelled by %(who)s.")
CANCELLED = gettext_noop("Cancelled.")
DONE = gettext_noop("Done.")
UNCHANGED = gettext_noop("Nothing has changed since %(version)s: data, parameters, program.")
REFUSED_BEFORE = gettext_noop("%(version)s of the same data was refused before: %(reason)s")
ROLLED_BACK = gettext_noop("An operator has rolled it back: %(reason)s")
DATABASE_GONE = gettext_noop("The database went away in the middle of the job; run the job again.")
UNEXPECTED = gettext_noop("The job met an unexpected error (%(error)s).")
WORKER_ENDS = gettext_noop("The worker was shut down while the job was running; run the job again.")
GIVEN_UP = gettext_noop("The job was cancelled or given up.")
DATABASE_SILENT = gettext_noop("The database did not answer for too long; run the job again once it is back.")
WORKER_LOST = gettext_noop(
    "Worker %(worker)s has given no sign of life since %(time)s UTC; it was killed or cut off. "
    "What was live stays live; run the job again."
)
LEFT_OUT = gettext_noop(
    "The schedule wanted another job of this kind and left it out, because this one was under way."
)
UNSENT = gettext_noop("The queue does not answer; the job starts by itself once it is back.")
TRAINED = gettext_noop("trained by the pipeline")
REBUILT = gettext_noop("indices rebuilt")
NIGHTLY = gettext_noop("Nightly retraining")
NIGHTLY_ABOUT = gettext_noop(
    "Trains on MovieLens and the site's own ratings. Does nothing if nothing has changed."
)

#: What is looked for, in this order: what another one begins with comes after it.
SENTENCES = (
    *(
        JOB_STARTED,
        JOB_CANCELLED,
        JOB_RUN_AGAIN,
        JOB_SEEN,
        SWITCHED_OVERRIDDEN,
        SWITCHED,
        NOTE_WRITTEN,
        NOTE_REMOVED,
    ),
    *(RULE_MADE, RULE_ENDED, ROW_PLACED, ROW_HIDDEN, LISTS_RANDOMISED),
    *(FILM_PUT, FILM_CHANGED, FILM_WITHDRAWN, EXPOSURE_SET),
    *(API_SUBMITTED, API_CANCELLED, API_RUN_AGAIN, API_SWITCHED_OVERRIDDEN, API_SWITCHED, API_SCHEDULE),
    *(
        CANCELLED_BY,
        CANCELLED,
        DONE,
        UNCHANGED,
        REFUSED_BEFORE,
        ROLLED_BACK,
        DATABASE_GONE,
        UNEXPECTED,
        WORKER_ENDS,
    ),
    *(GIVEN_UP, DATABASE_SILENT, WORKER_LOST, LEFT_OUT, UNSENT, TRAINED, REBUILT),
    *(NIGHTLY, NIGHTLY_ABOUT),
    VERSION_SEEN,
    *(COMMAND_SWITCHED_OVERRIDDEN, COMMAND_SWITCHED),
    # What the gate finds (services/registry/gate.py), where it was kept with a job.
    "It beats the most popular films and does not fall behind the champion.",
    "Its data hold %(value)s people; with fewer than %(other)s the figures say nothing, and it is not judged.",
    "On the protocol %(protocol)s it reaches nDCG %(value)s, the champion %(against)s %(other)s; "
    "at most %(margin)s %% less is allowed.",
    "On the protocol %(protocol)s it reaches nDCG %(value)s, the most popular films %(other)s.",
    "Its predicted stars miss by %(value)s (RMSE), those from biases alone by %(other)s.",
    "Its predicted stars miss by %(value)s (RMSE), those of the champion %(against)s by %(other)s.",
    "A clear taste shows less in its lists: “%(figure)s” is %(value)s, the champion %(against)s has %(other)s.",
)
_GAP = re.compile(r"%\((\w+)\)s|%%")
_FIGURE = re.compile(r"-?\d+\.\d+")


def in_english(sentence: str, **values: Any) -> str:
    """One of :data:`SENTENCES`, filled, for the database."""
    assert sentence in SENTENCES, sentence
    with translation.override("en"):
        return sentence % {name: str(value) for name, value in values.items()}


def in_active_language(kept: str) -> str:
    """A sentence from the database in the language of the page; what nobody knows stays as it is."""
    if not kept or (translation.get_language() or "en").startswith("en"):
        return kept
    return _whole(kept) or _each(kept) or kept


def _whole(kept: str) -> str | None:
    if kept in SENTENCES:
        return gettext(kept)
    for label in _labels():
        if kept.lower() == label.lower():
            return capfirst(gettext(label)) if kept[0].isupper() else gettext(label)
        # A job is called by its kind and number.
        if re.fullmatch(re.escape(label) + r" \d+", kept, re.IGNORECASE):
            return f"{gettext(label)} {kept.rpartition(' ')[2]}"
    for sentence, pattern in _patterns():
        if found := pattern.fullmatch(kept):
            filled = {name: in_active_language(_figure(value)) for name, value in found.groupdict().items()}
            return gettext(sentence) % filled
    return None


def _each(kept: str) -> str | None:
    """Several sentences, one after the other, if all of them are known."""
    parts = re.split(r"(?<=\.) (?=[A-Z])", kept)
    translated = [_whole(part) for part in parts] if len(parts) > 1 else []
    known = [part for part in translated if part is not None]
    return " ".join(known) if known and len(known) == len(parts) else None


def _figure(value: str) -> str:
    """A decimal fraction with the sign of the active language."""
    return value.replace(".", get_format("DECIMAL_SEPARATOR")) if _FIGURE.fullmatch(value) else value


@lru_cache(maxsize=1)
def _labels() -> tuple[str, ...]:
    with translation.override("en"):
        return tuple(
            str(label) for kinds in (Job.Kind, Job.State, PromotionEvent.Kind) for label in kinds.labels
        )


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    found = []
    for sentence in SENTENCES:
        if not _GAP.search(sentence):
            continue
        pattern, end = "", 0
        for gap in _GAP.finditer(sentence):
            pattern += re.escape(sentence[end : gap.start()])
            pattern += f"(?P<{gap[1]}>.+?)" if gap[1] else "%"
            end = gap.end()
        found.append((sentence, re.compile(pattern + re.escape(sentence[end:]), re.DOTALL)))
    return tuple(found)
