"""What people are told while nothing can be saved: another program holds the database, or the disk is full."""

from __future__ import annotations

import errno

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from recommendations.web.problems import Problem, problem_response

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def storage_problem(error: BaseException | None) -> Problem | None:
    """Why nothing could be saved or read, if that is what ``error`` says."""
    if isinstance(error, OSError) and error.errno in _FULL:
        return _disk_full()
    if not isinstance(error, OperationalError):
        return None
    cause = error.__cause__
    # SQLite gives its reason; a database server that is away or full does so in sentences of its own.
    reason = getattr(cause, "sqlite_errorname", None)
    if getattr(cause, "sqlstate", None) == "53100" or reason == "SQLITE_FULL":
        return _disk_full()
    if reason is None or reason.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        sentence = _("The database is busy or away, and nothing was saved. Try again in some seconds.")
        return Problem("storage-busy", 503, sentence) if reason or hasattr(cause, "sqlstate") else None
    if reason.startswith(("SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_READONLY")):
        sentence = _(
            "The database cannot be written at the moment, and nothing was saved. Try again in a minute."
        )
        return Problem("storage-unavailable", 503, sentence)
    return None


def _disk_full() -> Problem:
    sentence = _(
        "The disk of the site is full, and nothing was saved. What is there can be read. Try again later."
    )
    return Problem("storage-full", 503, sentence)


def cannot_save(request: HttpRequest, problem: Problem) -> HttpResponse:
    """503 with the time to wait: a page, or problem details for the API."""
    if request.path_info.startswith("/api/"):
        return problem_response(problem)
    page = render_to_string("503.html", {"title": problem.title, "sentence": problem.sentence})
    return HttpResponse(page, status=503, headers={**problem.headers, "Cache-Control": "no-store"})
