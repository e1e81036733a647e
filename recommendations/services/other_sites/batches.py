"""Lists for many people of another site: a file that grows by a line per person, in short turns of a worker.

A turn holds the batch for a while, cuts off what a dead worker may have left half written, and goes on where the row of the
database says. So nothing is lost or doubled whenever a worker ends, and the worker's thread is free for others in between.
"""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from accounts.models import Service
from movierec_site.celery import app
from recommendations.errors import ConflictError, InvalidError, MovierecError
from recommendations.models import ListBatch, ServicePerson
from recommendations.ranking.dials import Dials
from recommendations.ranking.filters import Filters
from recommendations.selectors.lists.champion import Champion
from recommendations.selectors.lists.recommendations import recommendations_for
from recommendations.selectors.lists.world import look_at, require_champion
from recommendations.selectors.other_sites import ranked_as
from recommendations.services.events.made_lists import record_list
from recommendations.services.events.owners import Owner
from recommendations.services.other_sites.lines import checked_key

TURN_SECONDS, HELD_SECONDS = 5.0, 60
PEOPLE_AT_ONCE = 50
MOST_KEYS, MOST_AT_ONCE = 10_000, 5
KEPT_FOR = timedelta(days=1)
TASK = "recommendations.tasks.make_lists"
State = ListBatch.State
_TOLD = ("items", "engine", "model_version", "profile_weight", "degraded", "kind", "loosen")
_OPEN = (State.QUEUED, State.RUNNING)
logger = logging.getLogger(__name__)


class TooManyBatchesError(ConflictError):
    """The other site has as many batches under way as it may have."""


class UnknownKeysError(InvalidError):
    """The site has nobody with some of these keys."""

    field = "people"


def submit_batch(*, service: Service, wanted: dict[str, Any], keys: Sequence[str] | None) -> ListBatch:
    """Have lists made for these people, or for everybody of the site; ``wanted`` has ``k``, ``filter``, ``include``,
    ``exclude`` and ``language``.

    Raises
    ------
    TooManyBatchesError, UnknownKeysError, LineError
        The last one for a key that no person can have.
    """
    if ListBatch.objects.filter(service=service, state__in=_OPEN).count() >= MOST_AT_ONCE:
        sentence = _("%(count)s batches of yours are under way. Wait until one of them is done.")
        raise TooManyBatchesError(sentence % {"count": MOST_AT_ONCE})
    people = ServicePerson.objects.filter(service=service)
    total = people.count()
    if keys is not None:
        keys = list(dict.fromkeys(checked_key(key) for key in keys))
        unknown = set(keys).difference(people.filter(key__in=keys).values_list("key", flat=True))
        if unknown:
            sentence = _("There is nobody with the key “%(key)s” (and %(count)s more).")
            raise UnknownKeysError(sentence % {"key": min(unknown), "count": len(unknown) - 1})
        total = len(keys)
    batch = ListBatch.objects.create(service=service, wanted=wanted, keys=keys, total=total)
    _wake(batch.pk)
    return batch


def file_of(batch: ListBatch) -> Path:
    """The file under the home that the lists of a batch are written to."""
    return Path(settings.MOVIEREC_HOME) / "lists" / f"{batch.reference}.ndjson"


def read_lines_of(batch: ListBatch, *, skip: int = 0) -> Iterator[bytes]:
    """The lines that are sure by now, without the first ``skip``."""
    path, left = file_of(batch), batch.size
    if not left or not path.exists():
        return
    with path.open("rb") as file:
        for number, line in enumerate(file):
            left -= len(line)
            if left < 0:
                return
            if number >= skip:
                yield line


def make_lists(*, batch_id: int) -> bool:
    """One turn at a batch; returns whether there is more to do. Does nothing if somebody else has it in hand."""
    now = timezone.now()
    free = Q(held_until=None) | Q(held_until__lt=now)
    mine = ListBatch.objects.filter(free, pk=batch_id, state__in=_OPEN)
    if not mine.update(state=State.RUNNING, held_until=now + timedelta(seconds=HELD_SECONDS)):
        return False
    batch = ListBatch.objects.select_related("service").get(pk=batch_id)
    try:
        ended = _turn(batch)
    except (MovierecError, OSError) as error:
        logger.error("Lists of batch %s could not be made: %s", batch.reference, error)
        _end(batch, State.FAILED, str(error)[:300])
        return False
    if ended:
        _end(batch, State.SUCCEEDED)
        return False
    ListBatch.objects.filter(pk=batch.pk).update(held_until=None)
    _wake(batch.pk)
    return True


def tend_batches() -> int:
    """Wake a worker for whatever waits, and forget what is old; returns how many wait. Called by the schedule."""
    now = timezone.now()
    waiting = ListBatch.objects.filter(Q(held_until=None) | Q(held_until__lt=now), state__in=_OPEN)
    numbers = list(waiting.order_by("pk").values_list("pk", flat=True))
    for number in numbers:
        _wake(number)
    for batch in ListBatch.objects.filter(created_at__lt=now - KEPT_FOR).exclude(state__in=_OPEN):
        file_of(batch).unlink(missing_ok=True)
        batch.delete()
    return len(numbers)


def _turn(batch: ListBatch) -> bool:
    champion = require_champion()
    path = file_of(batch)
    path.parent.mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    with open(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        file.truncate(batch.size)
        file.seek(batch.size)
        while True:
            people, at_the_end = _next_people(batch)
            for person in people:
                _write_line(file, _line(person, batch.wanted, champion))
            file.flush()
            os.fsync(file.fileno())
            batch.size = file.tell()
            batch.save(update_fields=["done", "size", "last_person"])
            if at_the_end or time.monotonic() - begun >= TURN_SECONDS:
                return at_the_end


def _next_people(batch: ListBatch) -> tuple[list[ServicePerson], bool]:
    people = ServicePerson.objects.filter(service=batch.service)
    if batch.keys is None:
        found = list(people.filter(pk__gt=batch.last_person).order_by("pk")[:PEOPLE_AT_ONCE])
        batch.last_person = found[-1].pk if found else batch.last_person
        batch.done += len(found)
        return found, len(found) < PEOPLE_AT_ONCE
    keys = batch.keys[batch.done : batch.done + PEOPLE_AT_ONCE]
    by_key = {person.key: person for person in people.filter(key__in=keys)}
    batch.done += len(keys)
    # Who was deleted meanwhile gets no list.
    return [by_key[key] for key in keys if key in by_key], batch.done >= len(batch.keys)


def _line(person: ServicePerson, wanted: dict[str, Any], champion: Champion) -> dict[str, Any]:
    with translation.override(wanted["language"]):
        known = ranked_as(person=person, exclude=wanted["exclude"])
        look = look_at(
            known,
            Dials(),
            champion=champion,
            filters=Filters.from_terms(wanted["filter"]),
            only=None if wanted["include"] is None else frozenset(wanted["include"]),
        )
        ranked = recommendations_for(look, k=wanted["k"])
    made = record_list(ranked, owner=Owner(person_id=person.pk))
    answer = {name: value for name, value in asdict(ranked).items() if name in _TOLD}
    return {"key": person.key, "list_id": None if made is None else str(made), **answer}


def _write_line(file: BinaryIO, line: dict[str, Any]) -> None:
    file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


def _end(batch: ListBatch, state: str, message: str = "") -> None:
    ended = {"state": state, "message": message, "held_until": None, "ended_at": timezone.now()}
    ListBatch.objects.filter(pk=batch.pk).update(**ended)


def _wake(number: int) -> None:
    try:
        app.send_task(TASK, args=[number], retry=False, expires=600)
    except (OperationalError, RedisError, OSError) as error:
        logger.warning("Nobody could be asked to make lists; the schedule asks again: %s", error)


def remove_batch(*, service: Service, reference: UUID) -> bool:
    """Stop a batch and delete what it has made; returns whether there was one."""
    batch = ListBatch.objects.filter(service=service, reference=reference).first()
    if batch is None:
        return False
    batch.delete()
    file_of(batch).unlink(missing_ok=True)
    return True
