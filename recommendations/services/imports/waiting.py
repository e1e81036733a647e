"""Files that somebody has to wait for: long ones, which the worker reads, and tables whose columns have to be chosen."""

from __future__ import annotations

import logging
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from accounts.models import User
from movierec_site.celery import app
from recommendations.errors import ConflictError
from recommendations.models import Import
from recommendations.services.imports.bringing import ImportOutcome, ImportStateError, UnknownImportError
from recommendations.services.imports.errors import ImportFileError
from recommendations.services.imports.formats import Format
from recommendations.services.imports.importing import (
    MOST_BYTES_OF_JOBS,
    MOST_ROWS_OF_JOBS,
    apply_import,
    preview_import,
)

READ_TASK = "recommendations.tasks.read_import"
# What nobody has taken for so long is sent again; what gave no sign for so long is begun anew.
RESEND_AFTER, LOST_AFTER = timedelta(seconds=15), timedelta(minutes=3)
# A file that nobody brings in is forgotten after a day, as a preview is.
FORGOTTEN_AFTER = timedelta(days=1)
_SECONDS_BETWEEN_SIGNS = 0.5
# Of the time that a file takes, the part until its rows are known.
_READING_SHARE = 0.3
State = Import.State
logger = logging.getLogger(__name__)


class ImportBusyError(ConflictError):
    """Another file of this person is being read."""


@dataclass(frozen=True)
class ChosenColumns:
    """What somebody says about the columns of a table: a name of a column or nothing for each meaning."""

    title: str
    year: str = ""
    original: str = ""
    rating: str = ""
    top: int = 5
    moment: str = ""
    imdb: str = ""
    tmdb: str = ""
    use: str = ""

    def to_format(self) -> Format:
        """As a format; the day of rows that were seen is that of the viewing."""
        return Format(
            source="",
            needs=(),
            rating=self.rating,
            top=self.top,
            fine=self.top == 10,
            title=self.title,
            original=self.original,
            year=self.year,
            moment=self.moment,
            seen=self.moment if self.use == "seen" else "",
            use=self.use,
            diary=self.use == "seen",
            imdb=self.imdb,
            tmdb=self.tmdb,
        )


def keep_table(*, user: User, content: bytes, name: str) -> Import:
    """Keep a table whose columns somebody has to choose; an earlier one gives way."""
    Import.objects.filter(user=user, state=State.COLUMNS).delete()
    return Import.objects.create(
        user=user, state=State.COLUMNS, name=name[:200], content=zlib.compress(content)
    )


def content_of(*, waiting: Import) -> bytes:
    """The bytes of a file that waits for its person's decision."""
    return zlib.decompress(bytes(waiting.content)) if waiting.content is not None else b""


def queue_import(
    *, user: User, content: bytes, name: str, columns: Mapping[str, Any] | None = None
) -> Import:
    """Have the worker read a long file; what it would bring can be looked at afterwards.

    Raises
    ------
    ImportBusyError
        If another file of this person waits or is being read.
    """
    try:
        with transaction.atomic():
            waiting = Import.objects.create(
                user=user,
                state=State.QUEUED,
                name=name[:200],
                content=zlib.compress(content, 1),
                columns={"language": translation.get_language() or "en", "chosen": dict(columns or {})},
            )
    except IntegrityError:
        raise ImportBusyError(
            _(
                "Another file of yours is being read. Wait for its end, or cancel it, then choose this one again."
            )
        ) from None
    transaction.on_commit(lambda: _send(waiting.pk))
    return waiting


def _send(number: int) -> None:
    try:
        app.send_task(READ_TASK, args=[number], task_id=str(uuid4()), retry=False, expires=600)
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("Import %s could not be sent to the queue: %s", number, error)


def read_import(*, number: int) -> bool:
    """Read a waiting file and keep what it would bring; returns whether there was one to be read."""
    if not Import.objects.filter(pk=number, state=State.QUEUED).update(
        state=State.READING, percent=0.0, changed_at=timezone.now()
    ):
        return False
    waiting = Import.objects.select_related("user").get(pk=number)
    sign_at = time.monotonic()

    def tell(done: float) -> None:
        nonlocal sign_at
        if time.monotonic() - sign_at < _SECONDS_BETWEEN_SIGNS:
            return
        sign_at = time.monotonic()
        percent = 100 * (_READING_SHARE + (1 - _READING_SHARE) * done)
        if not _move(number, percent=percent):
            raise _CancelledError

    chosen = waiting.columns.get("chosen")
    with translation.override(waiting.columns.get("language", "en")):
        try:
            preview = preview_import(
                user=waiting.user,
                content=content_of(waiting=waiting),
                name=waiting.name,
                chosen=ChosenColumns(**chosen).to_format() if chosen else None,
                most_rows=MOST_ROWS_OF_JOBS,
                most_bytes=MOST_BYTES_OF_JOBS,
                progress=tell,
            )
        except _CancelledError:
            return True
        except ImportFileError as error:
            _move(number, state=State.FAILED, message=str(error), content=None)
        except Exception:
            _move(number, state=State.FAILED, message=_("This file could not be read."), content=None)
            raise
        else:
            _move(
                number,
                state=State.READY,
                percent=100.0,
                source=preview.source[:40],
                preview=preview.to_dict(),
                content=None,
            )
    return True


class _CancelledError(Exception):
    """Somebody has cancelled the file while it was read."""


def _move(number: int, **values: Any) -> bool:
    """Change what is being read; False, and nothing changed, if it is not any more."""
    mine = Import.objects.filter(pk=number, state=State.READING)
    return bool(mine.update(changed_at=timezone.now(), **values))


def import_of(*, user: User, number: int) -> Import:
    """An import of this account.

    Raises
    ------
    UnknownImportError
    """
    found = Import.objects.filter(user=user, pk=number).first()
    if found is None:
        raise UnknownImportError(_("Your account has no import of this number."))
    return found


def apply_waiting(*, user: User, number: int, decisions: Mapping[str, int] | None = None) -> ImportOutcome:
    """Bring in what the worker has read, as :func:`recommendations.services.imports.apply_import` does.

    Raises
    ------
    UnknownImportError, ImportStateError, ImportTokenError
    """
    with transaction.atomic():
        waiting = import_of(user=user, number=number)
        if not Import.objects.filter(pk=number, state=State.READY).delete()[0]:
            raise ImportStateError(_("This file was brought in or left already."))
        return apply_import(user=user, token=waiting.preview["token"], decisions=decisions, name=waiting.name)


def leave_import(*, user: User, number: int) -> bool:
    """Forget a file that was not brought in, and stop reading it; returns whether there was one."""
    mine = Import.objects.filter(user=user, pk=number).exclude(state__in=(State.DONE, State.UNDONE))
    return bool(mine.delete()[0])


def tend_imports() -> None:
    """Send waiting files again, begin those of dead workers anew, forget what nobody has brought in for a day."""
    now = timezone.now()
    Import.objects.filter(state=State.READING, changed_at__lt=now - LOST_AFTER).update(
        state=State.QUEUED, changed_at=now - RESEND_AFTER
    )
    for number in Import.objects.filter(state=State.QUEUED, changed_at__lte=now - RESEND_AFTER).values_list(
        "pk", flat=True
    ):
        _send(number)
    left = Import.objects.exclude(state__in=(State.DONE, State.UNDONE, *Import.ACTIVE))
    left.filter(changed_at__lt=now - FORGOTTEN_AFTER).delete()
