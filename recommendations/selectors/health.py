"""Can this process give recommendations? Read by ``/readyz``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from django.db import DatabaseError, connection

from recommendations.ranking.storage import ArtefactError
from recommendations.search.breaker import search_breaker
from recommendations.search.client import get_client
from recommendations.search.connection import ElasticsearchNotRunningError, SearchError, is_alive
from recommendations.search.index_figures import fullest_disk, read_only_indices, unreadable_indices
from recommendations.search.index_lifecycle import IndexNames
from recommendations.selectors.jobs import jobs_can_run
from recommendations.selectors.lists.champion import current_champion
from recommendations.selectors.registry import NO_MODEL, champion_row

ALIVE_SECONDS = 3.0


@dataclass(frozen=True)
class Check:
    """One thing the site leans on; ``detail`` is one sentence for an operator and never holds a secret."""

    name: str
    ok: bool
    detail: str


@dataclass(frozen=True)
class Readiness:
    """``ready``: recommendations can be given. ``degraded``: they can, but without Elasticsearch."""

    ready: bool
    degraded: bool
    checks: tuple[Check, ...]


def _database() -> Check:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return Check("database", False, f"The database does not answer ({type(error).__name__}).")
    return Check("database", True, f"{connection.vendor} answers.")


def _model() -> Check:
    try:
        row, serving = champion_row(), current_champion()
    except DatabaseError as error:
        return Check("model", False, f"The model registry cannot be read ({type(error).__name__}).")
    except ArtefactError as error:
        return Check("model", False, f"The champion cannot be loaded: {error}.")
    if row is None or serving is None:
        return Check("model", False, NO_MODEL)
    if serving.version != row.version:
        return Check("model", True, f"The champion {row.version} is refused; {serving.version} serves.")
    data, blocks = serving.artefact.data, ", ".join(serving.artefact.block_names)
    lacks = f"; the data have no {' and no '.join(data.lacks)}" if data.lacks else ""
    return Check("model", True, f"The champion is {row.version}, trained on {data.name} ({blocks}){lacks}.")


def search_is_alive() -> bool:
    """True if Elasticsearch answers at all; what a busy machine answers late is no reason to call it dead."""
    try:
        return is_alive(get_client().options(request_timeout=ALIVE_SECONDS))
    except ElasticsearchNotRunningError:
        return False


def _search() -> tuple[Check, bool]:
    """Elasticsearch, and whether lists are made without it.

    It is fine if it answers now, this process is not just leaving it alone, and it takes what is written. Whether
    answers come in time for pages is for the breaker to say, which sees those of pages.
    """
    state = search_breaker().state
    breaker = f"Circuit breaker: {state}."
    check = partial(Check, "elasticsearch")
    if not search_is_alive():
        sentence = "Elasticsearch does not answer; the site ranks by itself (degraded)."
        return check(False, f"{sentence} {breaker}"), True
    if state == "open":
        sentence = (
            "Elasticsearch answers again, but has just failed several times; the site ranks by itself (degraded) "
            "for some seconds."
        )
        return check(False, f"{sentence} {breaker}"), True
    if missing := _missing_indices():
        sentence = (
            f"Elasticsearch answers, but indices of the champion are gone or cannot be read: {', '.join(missing)}. The site "
            "ranks by itself (degraded); rebuild them with: manage.py rebuild_indices"
        )
        return check(False, f"{sentence} {breaker}"), True
    if obstacle := _obstacle_to_writing():
        return check(False, f"{obstacle} {breaker}"), False
    return check(True, f"Elasticsearch answers. {breaker}"), False


def _missing_indices() -> list[str]:
    """The champion's indices that do not exist or have lost their data; empty if Elasticsearch does not say."""
    try:
        champion = champion_row()
        return unreadable_indices(get_client(), IndexNames.of(champion.index_label)) if champion else []
    except (DatabaseError, SearchError):
        return []


def _obstacle_to_writing() -> str:
    """Why nothing can be written, in one sentence; empty if nothing speaks against it or Elasticsearch does not say."""
    try:
        blocked = read_only_indices(get_client())
    except SearchError:
        return ""
    if not blocked:
        return ""
    percent = fullest_disk(get_client())
    disk = "" if percent is None else f" (now it is {percent} % full)"
    return (
        f"Elasticsearch answers, but these indices are read-only: {', '.join(blocked)}. It makes them so when its disk "
        f"is almost full{disk}. Lists are made as ever; profiles of people with an account and new versions cannot be "
        "written until there is room."
    )


def _jobs() -> Check:
    """Whether jobs can run; without it recommendations are given as ever, so it takes nothing from being ready."""
    try:
        state = jobs_can_run()
    except DatabaseError as error:
        return Check("jobs", False, f"The jobs cannot be read ({type(error).__name__}).")
    return Check("jobs", state.ok, state.detail)


def readiness() -> Readiness:
    """Ask the database, the registry, Elasticsearch and the workers' signs; each has its own short time limit."""
    database, model, (search, degraded), jobs = _database(), _model(), _search(), _jobs()
    return Readiness(
        ready=database.ok and model.ok,
        degraded=degraded,
        checks=(database, model, search, jobs),
    )
