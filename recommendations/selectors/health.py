"""Can this process give recommendations? Read by ``/readyz``."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import DatabaseError, connection

from recommendations.ranking.storage import ArtefactError
from recommendations.search.breaker import search_breaker
from recommendations.search.client import get_client
from recommendations.search.connection import ElasticsearchNotRunningError, is_alive
from recommendations.selectors.lists.champion import current_champion
from recommendations.selectors.registry import champion_row


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
        return Check("model", False, "No model has been trained and published yet; run run_pipeline.")
    if serving.version != row.version:
        return Check("model", True, f"The champion {row.version} is refused; {serving.version} serves.")
    return Check("model", True, f"The champion is {row.version}.")


def search_is_alive() -> bool:
    """True if Elasticsearch answers within its short time limit."""
    try:
        return is_alive(get_client())
    except ElasticsearchNotRunningError:
        return False


def _search() -> Check:
    """Elasticsearch is fine if it answers now and this process is not just leaving it alone."""
    state = search_breaker().state
    if not search_is_alive():
        return Check(
            "elasticsearch",
            False,
            f"Elasticsearch does not answer; the site ranks by itself (degraded). Circuit breaker: {state}.",
        )
    if state == "open":
        return Check(
            "elasticsearch",
            False,
            "Elasticsearch answers again, but has just failed several times; the site ranks by itself (degraded) "
            "for some seconds. Circuit breaker: open.",
        )
    return Check("elasticsearch", True, f"Elasticsearch answers. Circuit breaker: {state}.")


def readiness() -> Readiness:
    """Ask the database, the registry and Elasticsearch; each has its own short time limit."""
    database, model, search = _database(), _model(), _search()
    return Readiness(
        ready=database.ok and model.ok,
        degraded=not search.ok,
        checks=(database, model, search),
    )
