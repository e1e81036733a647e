"""How often something may happen. Counts live in the cache, which all processes of production share."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from redis.exceptions import RedisError

from recommendations.web.client_address import client_network
from recommendations.web.problems import Problem, problem_response

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
logger = logging.getLogger(__name__)


def count(kind: str, whom: object) -> int:
    """Count one event of ``kind`` by ``whom``; 0 if it may happen, else the seconds until it may.

    ``RATES`` gives each kind its rate, such as ``"300/minute"``; an empty one is no limit. Windows begin with the
    minute, hour or day. Without its cache the site goes on without limits, and says so in the log.
    """
    return _ask(kind, whom, _add)


def exceeded(kind: str, whom: object) -> int:
    """The seconds until ``whom`` may go on, 0 if at once; counts nothing."""
    return _ask(kind, whom, lambda key, _seconds: cache.get(key, 0) + 1)


def forget(kind: str, whom: object) -> None:
    """Count ``kind`` by ``whom`` from 0 again."""
    _ask(kind, whom, lambda key, _seconds: int(cache.delete(key)))


def _ask(kind: str, whom: object, number_of: Callable[[str, int], int]) -> int:
    rate = settings.API_THROTTLE_RATES.get(kind) or ""
    if not rate:
        return 0
    most, _slash, unit = rate.partition("/")
    seconds, now = _SECONDS[unit], time.time()
    key = f"limit:{kind}:{whom}:{int(now // seconds)}"
    try:
        number = number_of(key, seconds)
    except (RedisError, OSError) as error:
        logger.warning("Nothing is counted, the cache does not answer: %s", error)
        return 0
    return 0 if number <= int(most) else math.ceil(seconds - now % seconds) or 1


def _add(key: str, seconds: int) -> int:
    cache.add(key, 0, timeout=seconds + 1)
    try:
        return cache.incr(key)
    except ValueError:  # dropped by the cache between the two calls
        return 1


def limited(kind: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A view whose forms one address may send only so often; beyond that it gets :func:`too_often`."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            seconds = count(f"{kind}-address", client_network(request)) if request.method == "POST" else 0
            return too_often(request, seconds) if seconds else view(request, *args, **kwargs)

        return guarded

    return decorate


def too_often(request: HttpRequest, seconds: int) -> HttpResponse:
    """429 with the time to wait: a page, or problem details for the API."""
    sentence = ngettext(
        "Too many forms or passwords came from your network. Wait %(seconds)s second, then try again.",
        "Too many forms or passwords came from your network. Wait %(seconds)s seconds, then try again.",
        seconds,
    ) % {"seconds": seconds}
    if request.path_info.startswith("/api/"):
        return problem_response(Problem("too-many-requests", 429, sentence), {"Retry-After": str(seconds)})
    context = {"title": _("Too many attempts"), "sentence": sentence}
    response = render(request, "accounts/locked_out.html", context, status=429)
    response["Retry-After"] = str(seconds)
    return response
