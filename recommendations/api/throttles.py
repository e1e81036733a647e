"""How often one client may ask. Counts live in the cache: shared by all processes in production."""

from __future__ import annotations

import logging
import math
import time

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
logger = logging.getLogger(__name__)


class Throttle(BaseThrottle):
    """Counts by person, and without one by address, in windows that begin with the minute or hour.

    ``API_THROTTLE_RATES`` gives each ``kind`` its rate, such as ``"300/minute"``; an empty one is no limit.
    """

    kind = ""
    _wait: float | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count this request; false if it is one too many."""
        signed_in = request.user is not None and request.user.is_authenticated
        kind = f"{self.kind}-{'person' if signed_in else 'address'}"
        rate = settings.API_THROTTLE_RATES.get(kind) or ""
        if not rate:
            return True
        most, _slash, unit = rate.partition("/")
        seconds, now = _SECONDS[unit], time.time()
        whom = request.user.pk if signed_in else self.get_ident(request)
        self._wait = math.ceil(seconds - now % seconds) or 1
        return _count(f"throttle:{kind}:{whom}:{int(now // seconds)}", seconds) <= int(most)

    def wait(self) -> float | None:
        """Seconds until the next window."""
        return self._wait


def _count(key: str, seconds: int) -> int:
    """Count one under ``key``. Without its cache the API goes on without limits, and says so in the log."""
    try:
        cache.add(key, 0, timeout=seconds + 1)
        return cache.incr(key)
    except ValueError:  # dropped by the cache between the two calls
        return 1
    except (RedisError, OSError) as error:
        logger.warning("Requests are not counted, the cache does not answer: %s", error)
        return 0


class AnyThrottle(Throttle):
    """Every request."""

    kind = "any"


class ExpensiveThrottle(Throttle):
    """Calls that take long: a list from a whole history, lists for several people, imports, jobs."""

    kind = "expensive"


class SignInThrottle(Throttle):
    """Calls that take a password or make an account."""

    kind = "sign-in"
