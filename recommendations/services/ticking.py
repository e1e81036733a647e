"""What operators leave behind for each other: that they have seen what went wrong, and notes on versions."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from recommendations.errors import InvalidError
from recommendations.models import Job, ModelVersion
from recommendations.models.registry import LONGEST_NOTE
from recommendations.services.audit import record_act
from recommendations.services.stored_sentences import (
    JOB_SEEN,
    NOTE_REMOVED,
    NOTE_WRITTEN,
    VERSION_SEEN,
    in_english,
)


class NoteError(InvalidError):
    """An operator's note is longer than its limit."""

    field = "note"


def tick_off_job(*, job: Job, by: User) -> None:
    """Somebody has seen that it failed or was lost; the first one counts."""
    if Job.objects.filter(pk=job.pk, seen_at=None).update(seen_at=timezone.now()):
        record_act(by=by, on=job, message=in_english(JOB_SEEN, job=job))


def tick_off_version(*, version: ModelVersion, by: User) -> None:
    """Somebody has seen that the gate refuses it; the first one counts."""
    if ModelVersion.objects.filter(pk=version.pk, seen_at=None).update(seen_at=timezone.now()):
        record_act(by=by, on=version, message=in_english(VERSION_SEEN, version=version))


def write_note(*, version: ModelVersion, note: str, by: User) -> None:
    """Keep what operators want to remember of a version; an empty note removes it.

    Raises
    ------
    NoteError
    """
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise NoteError(
            _("The note is longer than %(longest)s characters; shorten it.") % {"longest": LONGEST_NOTE}
        )
    if note == version.note:
        return
    version.note = note
    version.save(update_fields=["note"])
    record_act(
        by=by, on=version, message=in_english(NOTE_WRITTEN, note=note) if note else in_english(NOTE_REMOVED)
    )
