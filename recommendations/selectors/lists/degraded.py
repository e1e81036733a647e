"""Answers that something else than Elasticsearch gave: counted, and told once per failure."""

from __future__ import annotations

import logging
from typing import Literal

from recommendations.observability.metrics import degraded_answers
from recommendations.search.breaker import CircuitOpenError

logger = logging.getLogger(__name__)


def note_degraded_answer(what: Literal["list", "search"], error: Exception) -> None:
    """Count an answer that was given without Elasticsearch because of ``error``.

    While the circuit breaker is open the failure is known, and the log is not filled with it.
    """
    degraded_answers.labels(what).inc()
    if not isinstance(error, CircuitOpenError):
        logger.warning("A %s was made without Elasticsearch: %s", what, error)
