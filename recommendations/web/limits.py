"""How often something may happen. Counts live in the cache, which all processes of production share."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Quota:
    """How a client stands: so many ``used`` of ``limit`` in a window that ends in ``reset`` seconds."""

    limit: int
    used: int
    reset: int

    @property
    def wait(self) -> int:
        """0 if the last request was allowed, else the seconds until one will be."""
        return 0 if self.used <= self.limit else self.reset

    @property
    def headers(self) -> dict[str, str]:
        """The quota as the header fields of an answer, which clients can plan with."""
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(max(0, self.limit - self.used)),
            "RateLimit-Reset": str(self.reset),
        }


def count(kind: str, whom: object) -> int:
    """Count one event of ``kind`` by ``whom``; 0 if it may happen, else the seconds until it may.

    ``RATES`` gives each kind its rate, such as ``"300/minute"``; an empty one is no limit. Windows begin with the
    minute, hour or day. Without its cache the site goes on without limits, and says so in the log.
    """
    quota = counted(kind, whom)
    return 0 if quota is None else quota.wait


def counted(kind: str, whom: object) -> Quota | None:
    """The same, with how ``whom`` stands after it; ``None`` where nothing is counted."""
    return _ask(kind, whom, _add)


def standing(kind: str, whom: object) -> Quota | None:
    """How ``whom`` stands; counts nothing."""
    return _ask(kind, whom, lambda key, _seconds: cache.get(key, 0))


def exceeded(kind: str, whom: object) -> int:
    """The seconds until ``whom`` may go on, 0 if at once; counts nothing."""
    quota = _ask(kind, whom, lambda key, _seconds: cache.get(key, 0) + 1)
    return 0 if quota is None else quota.wait


def forget(kind: str, whom: object) -> None:
    """Count ``kind`` by ``whom`` from 0 again."""
    _ask(kind, whom, lambda key, _seconds: int(cache.delete(key)))


def _ask(kind: str, whom: object, number_of: Callable[[str, int], int]) -> Quota | None:
    rate = settings.API_THROTTLE_RATES.get(kind) or ""
    if not rate:
        return None
    most, _slash, unit = rate.partition("/")
    seconds, now = _SECONDS[unit], time.time()
    key = f"limit:{kind}:{whom}:{int(now // seconds)}"
    try:
        number = number_of(key, seconds)
    except (RedisError, OSError) as error:
        logger.warning("Nothing is counted, the cache does not answer: %s", error)
        return None
    return Quota(int(most), number, math.ceil(seconds - now % seconds) or 1)


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
        quota = standing("sign-in-address", client_network(request))
        headers = {} if quota is None else {**quota.headers, "RateLimit-Remaining": "0"}
        problem = Problem("too-many-requests", 429, sentence)
        return problem_response(problem, {**headers, "Retry-After": str(seconds)})
    context = {"title": _("Too many attempts"), "sentence": sentence}
    response = render(request, "accounts/locked_out.html", context, status=429)
    response["Retry-After"] = str(seconds)
    return response
