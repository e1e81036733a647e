"""Overload: a process works on a few requests, lets a few more wait, and sends the rest away at once.

Whoever is sent away is told when to come back (503 with ``Retry-After``). Without this, every request of an overload
would wait in a queue until all of them are too late; with it, those that are taken stay fast, and the site is itself
again as soon as the overload ends.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from recommendations.web.problems import Problem, problem_response

logger = logging.getLogger(__name__)
RETRY_AFTER_SECONDS = 1
# Reading a file of ratings takes a second: such requests have places of their own and leave those of readers alone.
IMPORT_PATHS = ("/account/import", "/api/v1/me/import/", "/api/v1/bulk/")
# Of a group, only the form that may carry a file.
GROUP_PATHS = ("/together/",)
# An overloaded process is alive, and whoever watches it must be able to ask.
ALWAYS_ANSWERED = ("/healthz", "/readyz", "/metrics")


class Turnstile:
    """Lets ``at_once`` through together and ``waiting`` more wait for ``patience`` seconds at most."""

    def __init__(self, *, at_once: int, waiting: int, patience: float) -> None:
        self._places = threading.BoundedSemaphore(at_once)
        self._queue = threading.BoundedSemaphore(at_once + waiting)
        self._patience = patience

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """Gives True, with a place held until the end of the block, or False: too many are here already."""
        if not self._queue.acquire(blocking=False):
            yield False
            return
        try:
            if not self._places.acquire(timeout=self._patience):
                yield False
                return
            try:
                yield True
            finally:
                self._places.release()
        finally:
            self._queue.release()


class Tally:
    """Counts who was sent away and says so in the log, at most once a second."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count, self._logged_at = 0, float("-inf")

    def add(self) -> None:
        """Count one request sent away; the log gets a line a second at most."""
        with self._lock:
            self._count += 1
        self.tell()

    def tell(self) -> None:
        """Say how many there were since the last line, if any; an admitted request tells the last ones of an overload."""
        with self._lock:
            now = time.monotonic()
            if not self._count or now - self._logged_at < 1.0:
                return
            count, self._count, self._logged_at = self._count, 0, now
        logger.warning("The site is busy: %d requests were sent away.", count)


class LoadSheddingMiddleware:
    """Stands behind the middleware that finds the language, before everything that costs something."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response
        self._turnstile = Turnstile(
            at_once=settings.REQUESTS_AT_ONCE,
            waiting=settings.REQUESTS_WAITING,
            patience=settings.REQUESTS_WAITING_SECONDS,
        )
        self._imports = Turnstile(
            at_once=settings.IMPORTS_AT_ONCE,
            waiting=settings.IMPORTS_WAITING,
            patience=settings.REQUESTS_WAITING_SECONDS,
        )
        self._tally = Tally()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info in ALWAYS_ANSWERED:
            return self._get_response(request)
        is_import = request.method == "POST" and _brings_a_file(request)
        if is_import and _is_too_large(request):
            return _too_large(request)
        with (self._imports if is_import else self._turnstile).turn() as admitted:
            if admitted:
                self._tally.tell()
                return self._get_response(request)
        self._tally.add()
        response = _come_back(request)
        response.sent_away = True  # type: ignore[attr-defined]  # a mark of ours, for the log
        return response


def _brings_a_file(request: HttpRequest) -> bool:
    path = request.path_info
    return path.startswith(IMPORT_PATHS) or (
        path.startswith(GROUP_PATHS) and request.content_type == "multipart/form-data"
    )


def _is_too_large(request: HttpRequest) -> bool:
    length = request.META.get("CONTENT_LENGTH") or ""
    return length.isdigit() and int(length) > settings.IMPORT_MOST_BYTES


def _too_large(request: HttpRequest) -> HttpResponse:
    """413 before anything of the file is read; whoever sends it is told the limit."""
    sentence = _("Files are read up to %(most)s MB. Split yours, or leave out what holds no films.") % {
        "most": settings.IMPORT_MOST_BYTES // 1_000_000
    }
    if request.path_info.startswith("/api/"):
        return problem_response(Problem("body-too-large", 413, sentence))
    context = {"title": _("This file is too large"), "sentence": sentence}
    return HttpResponse(render_to_string("413.html", context), status=413, headers={"Connection": "close"})


def _come_back(request: HttpRequest) -> HttpResponse:
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS), "Cache-Control": "no-store"}
    if request.path_info.startswith("/api/"):
        return problem_response(
            Problem("overloaded", 503, _("The site is busy. Ask again in a second.")), headers
        )
    return HttpResponse(_page(get_language()), status=503, headers=headers)


@lru_cache(maxsize=8)
def _page(language: str | None) -> str:
    """The page once per language: while the site is overloaded is no time for rendering."""
    sentence = _(
        "More people than usual are here at this moment. Nothing is lost: load the page again in a second."
    )
    return render_to_string("503.html", {"title": _("The house is full"), "sentence": sentence})
