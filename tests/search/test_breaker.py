"""The circuit breaker, with a clock that the test turns."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from recommendations.search.breaker import (
    CircuitBreaker,
    CircuitOpenError,
    profile_breaker,
    reset_breakers,
    search_breaker,
)
from recommendations.search.connection import SearchError


class Clock:
    """Seconds that pass only when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def takes(self, seconds: float) -> Callable[[], str]:
        """Work that takes so long and succeeds."""

        def work() -> str:
            self.now += seconds
            return "answer"

        return work


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> CircuitBreaker:
    return CircuitBreaker(failures=3, cool_down_seconds=5, slow_seconds=0.5, clock=clock)


def fails() -> str:
    raise SearchError("away")


def fail(breaker: CircuitBreaker, times: int) -> None:
    for _ in range(times):
        with pytest.raises(SearchError, match="away"):
            breaker.call(fails)


def refused(breaker: CircuitBreaker) -> bool:
    """True if the breaker does not even call the work."""
    called = []
    try:
        breaker.call(lambda: called.append(1))
    except CircuitOpenError:
        assert not called
        return True
    return False


def test_it_passes_answers_and_errors_through(breaker):
    assert breaker.call(lambda: 7) == 7
    fail(breaker, 1)
    assert breaker.state == "closed"


def test_it_opens_after_some_failures_in_a_row_and_then_asks_nobody(breaker):
    fail(breaker, 2)
    assert breaker.state == "closed"
    fail(breaker, 1)
    assert breaker.state == "open"
    assert refused(breaker)


def test_a_success_in_between_begins_the_count_anew(breaker, clock):
    fail(breaker, 2)
    breaker.call(clock.takes(0.1))
    fail(breaker, 2)
    assert breaker.state == "closed"


def test_slow_answers_are_given_but_count(breaker, clock):
    for _ in range(3):
        assert breaker.call(clock.takes(0.6)) == "answer"
    assert breaker.state == "open"


def test_slow_answers_and_failures_add_up(breaker, clock):
    fail(breaker, 1)
    breaker.call(clock.takes(0.6))
    fail(breaker, 1)
    assert breaker.state == "open"


def test_after_the_cool_down_one_good_answer_closes_it(breaker, clock):
    fail(breaker, 3)
    clock.now += 4.9
    assert refused(breaker)
    clock.now += 0.1
    assert breaker.state == "half-open"
    assert breaker.call(clock.takes(0.1)) == "answer"
    assert breaker.state == "closed"
    fail(breaker, 2)
    assert breaker.state == "closed"


@pytest.mark.parametrize("how", ["failure", "slow answer"])
def test_a_failed_probe_opens_it_for_another_cool_down(breaker, clock, how):
    fail(breaker, 3)
    clock.now += 5
    if how == "failure":
        fail(breaker, 1)
    else:
        breaker.call(clock.takes(0.6))
    assert breaker.state == "open"
    clock.now += 4.9
    assert refused(breaker)
    clock.now += 0.1
    assert not refused(breaker)


def test_an_error_that_nobody_foresaw_ends_a_probe_as_well(breaker, clock):
    fail(breaker, 3)
    clock.now += 5
    with pytest.raises(ZeroDivisionError):
        breaker.call(lambda: 1 // 0)
    assert breaker.state == "open"
    clock.now += 5
    assert not refused(breaker)


def test_only_one_thread_probes(breaker, clock):
    fail(breaker, 3)
    clock.now += 5
    probing, go_on = threading.Event(), threading.Event()

    def probe() -> None:
        probing.set()
        assert go_on.wait(10)

    prober = threading.Thread(target=lambda: breaker.call(probe))
    prober.start()
    assert probing.wait(10)
    assert all(refused(breaker) for _ in range(5))
    go_on.set()
    prober.join(10)
    assert breaker.state == "closed"


@pytest.mark.parametrize("late", ["failure", "answer"])
def test_calls_from_before_a_change_of_state_say_nothing_about_now(breaker, clock, late):
    begun, go_on = threading.Event(), threading.Event()

    def straggles() -> None:
        begun.set()
        assert go_on.wait(10)
        if late == "failure":
            raise SearchError("away")

    def call() -> None:
        try:
            breaker.call(straggles)
        except SearchError:
            return

    straggler = threading.Thread(target=call)
    straggler.start()
    assert begun.wait(10)
    fail(breaker, 3)
    if late == "failure":  # the breaker has closed again by the time the old failure comes in
        clock.now += 5
        breaker.call(clock.takes(0))
        fail(breaker, 2)
    go_on.set()
    straggler.join(10)
    assert breaker.state == ("closed" if late == "failure" else "open")


def test_many_threads_never_lose_count():
    breaker = CircuitBreaker(failures=400, cool_down_seconds=1000, slow_seconds=60)
    begin = threading.Barrier(8)

    def work() -> None:
        begin.wait(10)
        for _ in range(50):
            try:
                breaker.call(fails)
            except SearchError:
                continue

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert breaker.state == "open"


def test_the_process_has_one_that_follows_the_settings(settings):
    settings.ELASTICSEARCH_BREAKER_FAILURES = 1
    first = search_breaker()
    assert search_breaker() is first
    fail(first, 1)
    assert search_breaker().state == "open"
    settings.ELASTICSEARCH_BREAKER_FAILURES = 2
    assert search_breaker().state == "closed"
    fail(search_breaker(), 2)
    reset_breakers()
    assert search_breaker().state == "closed"


def test_writing_profiles_has_one_of_its_own_that_minds_no_slow_answer(settings):
    settings.ELASTICSEARCH_BREAKER_FAILURES = 1
    settings.ELASTICSEARCH_TIMEOUT_SECONDS = 0.0
    for breaker in (profile_breaker(), search_breaker()):
        breaker.call(lambda: time.sleep(0.001))
    assert (profile_breaker().state, search_breaker().state) == ("closed", "open")
    fail(profile_breaker(), 1)
    reset_breakers()
    fail(profile_breaker(), 1)
    assert (profile_breaker().state, search_breaker().state) == ("open", "closed")
