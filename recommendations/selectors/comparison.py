"""Model versions side by side: their figures, and one person's list before and after."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

from recommendations.evaluation.names import METRICS, MODEL
from recommendations.models import ModelVersion
from recommendations.ranking.artefact import Artefact
from recommendations.ranking.people import KnownPeople
from recommendations.ranking.storage import ArtefactError, load_artefact
from recommendations.selectors.catalogue import film_or_number, films_by_id
from recommendations.selectors.lists.champion import Champion
from recommendations.selectors.lists.engines import rank_person
from recommendations.selectors.lists.person import DamagedModelError, Person
from recommendations.selectors.lists.world import look_at
from recommendations.selectors.registry import champion_row, predecessor_of

MOST_COMPARED = 6


@dataclass(frozen=True)
class MetricRow:
    """One measure of one system on one protocol; a value per version, None where it was not measured."""

    protocol: str
    system: str
    metric: str
    values: tuple[float | None, ...]


@dataclass(frozen=True)
class ListedFilm:
    """A place in one of two lists, and in the other one; ``other_rank`` is None if it is not there."""

    rank: int
    movie_id: int
    title: str
    year: int | None
    score: float
    other_rank: int | None

    @property
    def moved(self) -> int | None:
        """The places it is above the other list's (below 0: under it); None if it is not there."""
        return None if self.other_rank is None else self.other_rank - self.rank

    @property
    def places_down(self) -> int:
        """The places it went down; 0 if it came up or stayed."""
        return max(0, -(self.moved or 0))


@dataclass(frozen=True)
class TwoLists:
    """The same person's list from two versions; ``shared`` films are in both."""

    before: tuple[ListedFilm, ...]
    after: tuple[ListedFilm, ...]
    shared: int


def versions_to_compare(*, wanted: Sequence[str] = ()) -> list[ModelVersion]:
    """The versions with these names, or else the champion, its predecessor and the newest; newest first."""
    rows = ModelVersion.objects.all()
    if wanted:
        return list(rows.filter(version__in=wanted)[:MOST_COMPARED])
    champion = champion_row()
    predecessor = predecessor_of(champion) if champion else None
    chosen = {row.pk for row in (champion, predecessor) if row is not None}
    for primary_key in rows.values_list("pk", flat=True)[:MOST_COMPARED]:
        if len(chosen) < MOST_COMPARED:
            chosen.add(primary_key)
    return list(rows.filter(pk__in=chosen))


def metric_rows(versions: Sequence[ModelVersion]) -> list[MetricRow]:
    """Every measure of the model, and the first one of every baseline, that one of the versions has."""
    rows = []
    for protocol in _in_order(version.metrics for version in versions):
        figures = [version.metrics.get(protocol) or {} for version in versions]
        for system in sorted(_in_order(figures), key=lambda name: (name != MODEL, name)):
            # Those of a ranking in their order, then those of other protocols.
            measured = dict.fromkeys(name for found in figures for name in found.get(system, {}))
            metrics = sorted(
                measured, key=lambda name: METRICS.index(name) if name in METRICS else len(METRICS)
            )
            for metric in metrics if system == MODEL else metrics[:1]:
                values = tuple(found.get(system, {}).get(metric) for found in figures)
                if any(value is not None for value in values):
                    rows.append(MetricRow(protocol, system, metric, values))
    return rows


def _in_order(mappings: Iterable[Mapping[str, Any]]) -> list[str]:
    """The keys of measured protocols or systems, each once, in the order of their first appearance."""
    found: dict[str, None] = {}
    for mapping in mappings:
        for key, value in mapping.items():
            if isinstance(value, Mapping) and (MODEL in value or METRICS[0] in value):
                found[key] = None
    return list(found)


def lists_of_two(*, before: ModelVersion, after: ModelVersion, person: Person, k: int = 10) -> TwoLists:
    """Rank the same person with both versions by the NumPy engine, from their model folders.

    Raises
    ------
    UnknownPersonError
    DamagedModelError
        If a model folder is gone or altered.
    """
    old, new = _ranked(before, person, k), _ranked(after, person, k)
    facts = films_by_id(movie_ids={movie_id for movie_id, _ in (*old, *new)})

    def listed(own: list[tuple[int, float]], other: list[tuple[int, float]]) -> tuple[ListedFilm, ...]:
        places = {movie_id: place for place, (movie_id, _) in enumerate(other, start=1)}
        return tuple(
            ListedFilm(
                rank=rank,
                movie_id=movie_id,
                title=film_or_number(facts.get(movie_id), movie_id).title,
                year=facts[movie_id].year if movie_id in facts else None,
                score=score,
                other_rank=places.get(movie_id),
            )
            for rank, (movie_id, score) in enumerate(own, start=1)
        )

    shared = {movie_id for movie_id, _ in old} & {movie_id for movie_id, _ in new}
    return TwoLists(listed(old, new), listed(new, old), len(shared))


def _ranked(version: ModelVersion, person: Person, k: int) -> list[tuple[int, float]]:
    try:
        artefact, people = loaded_version(version)
    except ArtefactError as error:
        raise DamagedModelError(str(error)) from error
    look = look_at(person, champion=Champion(version.version, version.index_label, artefact, people))
    return [(film.movie_id, film.score) for film in rank_person(look, k=k, engine="numpy")]


def loaded_version(version: ModelVersion) -> tuple[Artefact, KnownPeople]:
    """A version from its folder; the last few are kept.

    Raises
    ------
    recommendations.ranking.storage.ArtefactError
        If its files are gone or altered.
    """
    return _loaded(version.version, version.artefact_digest, str(settings.MOVIEREC_HOME))


@lru_cache(maxsize=4)
def _loaded(version: str, digest: str, home: str) -> tuple[Artefact, KnownPeople]:
    """Two comparisons' worth of models; each is a few MB."""
    return load_artefact(Path(home) / "models" / version, expected_digest=digest)
