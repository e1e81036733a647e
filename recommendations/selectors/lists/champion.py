"""The champion model, loaded once per process and again when another version becomes the champion."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import F, Subquery
from threadpoolctl import threadpool_limits

from recommendations.models import ModelVersion, NewFilmsState, PromotionEvent
from recommendations.observability import metrics
from recommendations.ranking.artefact import Artefact
from recommendations.ranking.audience import Audiences
from recommendations.ranking.dataset import DataSet
from recommendations.ranking.new_films import extended
from recommendations.ranking.people import KnownPeople
from recommendations.ranking.storage import ArtefactError, load_artefact
from recommendations.ranking.tastes import TasteGroup, taste_groups
from recommendations.selectors.new_films import contents_of_new_films


@dataclass(frozen=True)
class Champion:
    """Everything a request needs of one version; a request takes it once and so never mixes two."""

    version: str
    index_label: str
    artefact: Artefact
    people: KnownPeople
    audiences: Audiences | None = None
    groups: tuple[TasteGroup, ...] = ()
    # Of the films that came after training: the count of their changes, and how much of a list they may have.
    revision: int = 0
    new_share: float = 0.1

    @property
    def state(self) -> tuple[str, int, float]:
        """What everything that is made from it alone depends on."""
        return self.version, self.revision, self.new_share


@dataclass(frozen=True)
class _Refusal:
    reason: str
    until: float


# A folder that was refused is not read again by every request; once mended, it serves within this time.
RETRY_SECONDS = 5.0
# The number of a person of the data that sentences give as an example, where there is such a person.
USUAL_EXAMPLE = 196
logger = logging.getLogger(__name__)
_COLUMNS = ("version", "artefact_digest", "index_label")
_lock = threading.Lock()
_Loaded = tuple[Artefact, KnownPeople, Audiences, tuple[TasteGroup, ...]]
_Kept = dict[tuple[Path, str], _Loaded]
_loaded: _Kept = {}
# The challenger of an experiment, so that the two do not drive each other out.
_beside: _Kept = {}
_refused: dict[tuple[Path, str], _Refusal] = {}
# Versions with the films that came after training, each with the revision of these.
_widened: dict[tuple[Path, str], tuple[int, Artefact]] = {}
_state = NewFilmsState(pk=1)


def current_champion() -> Champion | None:
    """Return the champion, or None before anything was published. One query; loads only when it, or a film that came after
    training, changed.

    If the champion's folder is incomplete or altered, it is refused and its predecessor keeps serving.

    Raises
    ------
    recommendations.ranking.storage.ArtefactError
        If there is no predecessor that can be loaded.
    """
    global _state  # noqa: PLW0603  # one small row per process
    state = NewFilmsState.objects.filter(pk=1)
    columns = {name: Subquery(state.values(name)) for name in ("revision", "share")}
    found = ModelVersion.objects.filter(state=ModelVersion.State.CHAMPION).values_list(
        *_COLUMNS, *columns.values()
    )
    first = found.first()
    if first is None:
        return None
    *row, revision, share = first
    _state = NewFilmsState(pk=1) if revision is None else NewFilmsState(1, revision, share)
    try:
        return _load(*row)
    except ArtefactError as error:
        predecessor = (
            PromotionEvent.objects.filter(version__state=ModelVersion.State.CHAMPION)
            .exclude(previous=None)
            .exclude(previous=F("version"))
            .values_list(*(f"previous__{column}" for column in _COLUMNS))
            .first()
        )
        if predecessor is None:
            raise
        logger.error("The champion is refused, its predecessor %s serves: %s", predecessor[0], error)
        return _load(*predecessor)


def champion_data() -> DataSet:
    """What the data of the champion have: genres, star steps, demographics. One query.

    Before anything was published, or while nothing can be loaded, they are those of MovieLens-100k.
    """
    try:
        champion = current_champion()
    except ArtefactError:
        champion = None
    return champion.artefact.data if champion else DataSet()


def loaded_data() -> DataSet | None:
    """The same for the version that this process has loaded last, if it has; asks nothing of the database."""
    found = next(iter(_loaded.values()), None)
    return found[0].data if found else None


def served_data() -> DataSet:
    """The same, or those of MovieLens-100k."""
    return loaded_data() or DataSet()


def served_example() -> int:
    """The number of somebody of the served data, for sentences that give one."""
    found = next(iter(_loaded.values()), None)
    people = found[1] if found else None
    if people is None or USUAL_EXAMPLE in people or not len(people.user_ids):
        return USUAL_EXAMPLE
    return int(people.user_ids[0])


def challenger_named(row: ModelVersion) -> Champion:
    """The version that an experiment sets against the champion; it is kept beside that one. No query.

    Raises
    ------
    recommendations.ranking.storage.ArtefactError
        If its files are gone or damaged.
    """
    if row.pruned_at is not None:
        raise ArtefactError(f"The files of {row.version} are pruned.")
    return _load(row.version, row.artefact_digest, row.index_label, kept=_beside)


def _load(version: str, digest: str, label: str, *, kept: _Kept | None = None) -> Champion:
    kept = _loaded if kept is None else kept
    key = (Path(settings.MOVIEREC_HOME) / "models" / version, digest)
    found = kept.get(key)
    if found is None:
        with _lock:
            # The other place may have it: the challenger that has been promoted, or a version against itself.
            found = kept.get(key) or _loaded.get(key) or _beside.get(key) or _load_folder(key)
            if key not in kept:
                kept.clear()
                kept[key] = found
    artefact, people, audiences, groups = found
    return Champion(
        version,
        label,
        _with_new_films(key, artefact),
        people,
        audiences,
        groups,
        revision=_state.revision,
        new_share=_state.share,
    )


def _with_new_films(key: tuple[Path, str], artefact: Artefact) -> Artefact:
    """The version with the films that came after it; asks for these once after each change of them."""
    if not _state.revision:
        return artefact
    revision, widened = _widened.get(key, (0, artefact))
    if revision == _state.revision:
        return widened
    with _lock:
        revision, widened = _widened.get(key, (0, artefact))
        if revision != _state.revision:
            films = contents_of_new_films()
            later = {number: films[number] for number in films if number not in artefact.positions}
            widened = extended(artefact, later)
            # The champion, the challenger, and the one before.
            while len(_widened) > 2:
                _widened.pop(next(iter(_widened)))
            _widened[key] = (_state.revision, widened)
    return widened


def _load_folder(key: tuple[Path, str]) -> _Loaded:
    refused = _refused.get(key)
    if refused is not None and time.monotonic() < refused.until:
        raise ArtefactError(refused.reason)
    folder, digest = key
    try:
        artefact, people = load_artefact(folder, expected_digest=digest)
    except ArtefactError as error:
        _refused[key] = _Refusal(str(error), time.monotonic() + RETRY_SECONDS)
        metrics.model_loads.labels("refused").inc()
        raise
    metrics.model_loads.labels("loaded").inc()
    # A person's matrices are small: with two threads, handing them over costs more than the work.
    threadpool_limits(1, user_api="blas")
    _refused.pop(key, None)
    return artefact, people, Audiences(people), taste_groups(artefact)
