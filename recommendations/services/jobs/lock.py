"""A lock in Redis, where there is one, beside the constraint of the database.

It is held as long as the worker really works: where a job was given up as lost although its worker was only cut off from
the database, no second one starts beside it.
"""

from __future__ import annotations

import logging

from django.conf import settings
from redis import Redis
from redis.exceptions import LockError, RedisError

NAME = "movierec:job"
ANSWER_SECONDS = 2.0
logger = logging.getLogger(__name__)


class RunLock:
    """Held by the one worker that runs a job. Where Redis is away, the database alone decides."""

    def __init__(self) -> None:
        self._lock = (
            Redis.from_url(
                settings.REDIS_URL, socket_timeout=ANSWER_SECONDS, socket_connect_timeout=ANSWER_SECONDS
            ).lock(NAME, timeout=settings.JOBS_LOST_AFTER_SECONDS, thread_local=False)
            if settings.REDIS_URL
            else None
        )

    def acquire(self) -> bool:
        """False only if another worker holds it."""
        if self._lock is None:
            return True
        try:
            return self._lock.acquire(blocking=False)
        except RedisError as error:
            logger.warning("Redis does not answer, so the database alone keeps jobs apart: %s", error)
            return True

    def renew(self) -> None:
        """Hold it for another while; a Redis that was started anew has forgotten it, so it is taken again."""
        if self._lock is None:
            return
        try:
            if not self._lock.owned():
                self._lock.acquire(blocking=False)
            else:
                self._lock.reacquire()
        except RedisError as error:
            logger.warning("The lock of the running job was not renewed: %s", error)

    def release(self) -> None:
        """Let go; it may be lost already."""
        if self._lock is None:
            return
        try:
            if self._lock.owned():
                self._lock.release()
        except (LockError, RedisError) as error:
            logger.warning("The lock of the job that has ended goes by itself: %s", error)
