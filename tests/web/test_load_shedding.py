"""Overload: who is let in, who waits, and what is told to those who are sent away."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from recommendations.web import load_shedding
from recommendations.web.load_shedding import LoadSheddingMiddleware, Tally, Turnstile


@pytest.fixture
def crowded(settings):
    """A middleware whose only place is taken for as long as the test lasts, and in which nobody may wait."""
    settings.REQUESTS_AT_ONCE, settings.REQUESTS_WAITING = 1, 0
    settings.REQUESTS_WAITING_SECONDS = 0.05
    inside, leave = threading.Event(), threading.Event()

    def slow(request):
        if request.path_info == "/slow":
            inside.set()
            leave.wait(10)
        return HttpResponse("served")

    middleware = LoadSheddingMiddleware(slow)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(middleware, RequestFactory().get("/slow"))
        assert inside.wait(10)
        try:
            yield middleware
        finally:
            leave.set()
        assert first.result(10).content == b"served"
        assert middleware(RequestFactory().get("/slow")).content == b"served"


def test_an_api_client_is_told_when_to_come_back(crowded):
    response = crowded(RequestFactory().get("/api/v1/recommendations/?user=1"))
    assert response.status_code == 503
    assert response["Retry-After"] == "1"
    assert response["Content-Type"] == "application/problem+json"
    assert json.loads(response.content)["type"] == "urn:movierec:problem:overloaded"


@pytest.mark.parametrize(("language", "words"), [("en", "The house is full"), ("fr", "La salle est comble")])
def test_a_person_gets_a_page_in_their_language(crowded, language, words):
    with translation.override(language):
        response = crowded(RequestFactory().get("/results"))
    assert response.status_code == 503
    assert response["Retry-After"] == "1"
    assert words in response.content.decode()


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_those_who_watch_are_always_answered(crowded, path):
    assert crowded(RequestFactory().get(path)).content == b"served"


def test_whoever_waits_gets_the_place_that_becomes_free():
    turnstile = Turnstile(at_once=1, waiting=1, patience=10)

    def wait_for_turn():
        with turnstile.turn() as admitted:
            return admitted

    with ThreadPoolExecutor(1) as pool:
        with turnstile.turn() as admitted:
            assert admitted
            second = pool.submit(wait_for_turn)
            while turnstile._queue._value:  # until the second one stands in the queue
                time.sleep(0.001)
            assert wait_for_turn() is False
        assert second.result(10) is True


def test_files_of_ratings_have_places_of_their_own(crowded):
    # The only place of readers is taken; a file is looked at all the same, and looking at the form is reading.
    for path in ("/account/import", "/account/import/apply", "/api/v1/me/import/preview/"):
        assert crowded(RequestFactory().post(path)).content == b"served"
    assert crowded(RequestFactory().get("/account/import")).status_code == 503


def test_files_of_ratings_never_take_the_places_of_readers(settings):
    settings.IMPORTS_AT_ONCE, settings.IMPORTS_WAITING = 1, 0
    inside, leave = threading.Event(), threading.Event()

    def slow(request):
        if request.method == "POST":
            inside.set()
            leave.wait(10)
        return HttpResponse("served")

    middleware = LoadSheddingMiddleware(slow)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(middleware, RequestFactory().post("/account/import"))
        try:
            assert inside.wait(10)
            second = middleware(RequestFactory().post("/api/v1/me/import/preview/"))
            assert (second.status_code, second["Retry-After"]) == (503, "1")
            assert middleware(RequestFactory().get("/results")).content == b"served"
        finally:
            leave.set()
        assert first.result(10).content == b"served"


def test_patience_ends():
    turnstile = Turnstile(at_once=1, waiting=1, patience=0.01)
    with turnstile.turn(), turnstile.turn() as admitted:
        assert admitted is False


def test_a_failure_inside_gives_the_place_back():
    turnstile = Turnstile(at_once=1, waiting=0, patience=0.01)
    with pytest.raises(ZeroDivisionError), turnstile.turn():
        1 / 0  # noqa: B018
    with turnstile.turn() as admitted:
        assert admitted


def test_the_log_sums_up_who_was_sent_away(crowded, caplog):
    for _ in range(5):
        assert crowded(RequestFactory().get("/results")).sent_away
    assert [record.getMessage() for record in caplog.records] == [
        "The site is busy: 1 requests were sent away."
    ]


def test_the_last_ones_of_an_overload_are_told_once_the_second_is_over(monkeypatch, caplog):
    now = [100.0]
    monkeypatch.setattr(load_shedding.time, "monotonic", lambda: now[0])
    tally = Tally()
    for _ in range(3):
        tally.add()
    tally.tell()
    now[0] += 1
    tally.tell()
    tally.tell()
    assert [record.getMessage() for record in caplog.records] == [
        "The site is busy: 1 requests were sent away.",
        "The site is busy: 2 requests were sent away.",
    ]
