"""A circuit breaker before Elasticsearch: after a few failures in a row nobody waits for it for a while.

Nygard, "Release It!" (2007). Closed: every call goes through. Open, after some consecutive failures or slow answers:
calls are refused at once. Half-open, when the cool-down is over: one call goes through as a probe, whose outcome
closes the breaker or opens it for another cool-down.
"""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Callable
from typing import Literal, TypeVar

from django.conf import settings

from recommendations.observability import metrics
from recommendations.search.client import time_limit_seconds
from recommendations.search.connection import SearchError

Answer = TypeVar("Answer")
State = Literal["closed", "open", "half-open"]
# An answer that takes longer than this share of the time limit is a sign of trouble as well.
SLOW_SHARE = 0.5


class CircuitOpenError(SearchError):
    """Elasticsearch has just failed several times; it was not asked this time."""

    def __init__(self) -> None:
        super().__init__("Elasticsearch failed several times just now and is left alone for a moment.")


class CircuitBreaker:
    """Thread-safe. ``failures`` in a row open it for ``cool_down_seconds``.

    An answer after more than ``slow_seconds`` counts as a failure, but is still returned. ``clock`` gives seconds
    and never goes back. Only what ``is_measured`` appears among the metrics.
    """

    def __init__(
        self,
        *,
        failures: int,
        cool_down_seconds: float,
        slow_seconds: float,
        clock: Callable[[], float] = time.monotonic,
        is_measured: bool = True,
    ) -> None:
        self._failures, self._cool_down, self._slow = max(1, failures), cool_down_seconds, slow_seconds
        self._clock, self._is_measured = clock, is_measured
        self._lock = threading.Lock()
        self._failed = 0
        self._opened_at: float | None = None
        self._probing = False
        # Calls that began before the last change of state say nothing about the present one.
        self._generation = 0

    @property
    def state(self) -> State:
        """``closed``, ``open`` or ``half-open``."""
        with self._lock:
            if self._opened_at is None:
                return "closed"
            return "half-open" if self._cooled_down() else "open"

    def call(self, work: Callable[[], Answer]) -> Answer:
        """Return what ``work`` returns; whatever it raises passes through and counts as a failure.

        Raises
        ------
        CircuitOpenError
            Without calling ``work``, if the breaker is open or another thread is probing.
        """
        generation = self._enter()
        begun, outcome = self._clock(), "failed"
        try:
            answer = work()
            outcome = "answered" if self._clock() - begun <= self._slow else "slow"
        finally:
            if self._is_measured:
                metrics.elasticsearch_seconds.labels(outcome).observe(self._clock() - begun)
            self._leave(generation, outcome == "answered")
        return answer

    def _cooled_down(self) -> bool:
        return self._opened_at is not None and self._clock() - self._opened_at >= self._cool_down

    def _enter(self) -> int:
        with self._lock:
            if self._opened_at is not None:
                if self._probing or not self._cooled_down():
                    if self._is_measured:
                        metrics.elasticsearch_refusals.inc()
                    raise CircuitOpenError
                self._probing = True
                self._generation += 1
            return self._generation

    def _leave(self, generation: int, answered: bool) -> None:
        with self._lock:
            if generation != self._generation:
                return
            if answered:
                self._failed = 0
                if self._probing:
                    self._change(None)
                return
            self._failed += 1
            if self._probing or self._failed >= self._failures:
                self._change(self._clock())

    def _change(self, opened_at: float | None) -> None:
        self._opened_at, self._probing, self._failed = opened_at, False, 0
        self._generation += 1
        if self._is_measured:
            metrics.breaker_open.set(opened_at is not None)


# What a breaker was made for: the process and the settings.
_Key = tuple[int, int, float, float]
_lock = threading.Lock()
_current: dict[str, tuple[_Key, CircuitBreaker]] = {}


def search_breaker() -> CircuitBreaker:
    """The one breaker of this process for lists and searches; made anew when its settings have changed."""
    return _breaker("search")


def profile_breaker() -> CircuitBreaker:
    """The same for writing profiles: that a full disk refuses writes says nothing about reading.

    Hundreds of documents at once may take their time: only refusals count.
    """
    return _breaker("profiles")


def _breaker(name: str) -> CircuitBreaker:
    key = (
        os.getpid(),
        settings.ELASTICSEARCH_BREAKER_FAILURES,
        settings.ELASTICSEARCH_BREAKER_SECONDS,
        time_limit_seconds(),
    )
    is_measured = name == "search"
    with _lock:
        found = _current.get(name)
        if found is None or found[0] != key:
            breaker = CircuitBreaker(
                failures=key[1],
                cool_down_seconds=key[2],
                slow_seconds=SLOW_SHARE * key[3] if is_measured else math.inf,
                is_measured=is_measured,
            )
            _current[name] = found = (key, breaker)
            if is_measured:
                metrics.breaker_open.set(False)
        return found[1]


def reset_breakers() -> None:
    """Forget every failure; the next call finds a closed breaker."""
    with _lock:
        _current.clear()
