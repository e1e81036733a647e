"""Structured logs: one JSON object per line in production, readable lines in the demo. Imported by the settings.

Every line of a request carries its ``request_id``, every line of a Celery task its ``task_id`` and, for Spark jobs,
its ``job_id``. Addresses, browsers, names, query strings and bodies are never logged, and secrets are taken out.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import structlog
from structlog.types import EventDict, Processor, WrappedLogger

from recommendations.observability.secrets import HIDDEN, SECRET_NAMES, secret_remover

# What django-structlog offers about a person; none of it is needed to operate the site.
PERSONAL = ("ip", "user_agent", "user_id")


@cache
def _without_secrets() -> Callable[[str], str]:
    """Made when the first line is written: the settings are not complete while they import this module."""
    return secret_remover()


def remove_personal_data(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """structlog processor: drop what tells of a person, hide what is secret."""
    for name in PERSONAL:
        event.pop(name, None)
    for name, value in event.items():
        if SECRET_NAMES.search(name):
            event[name] = HIDDEN
        elif isinstance(value, str):
            event[name] = _without_secrets()(value)
    return event


# Applied to lines of the standard library's loggers as well as to structlog's own.
SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def logging_settings(*, level: str, as_json: bool) -> dict[str, Any]:
    """Django's ``LOGGING``; also sets up structlog. ``level`` is the least that is written, to stderr."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *SHARED,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    last: list[Processor]
    if as_json:
        last = [
            structlog.processors.format_exc_info,
            remove_personal_data,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ]
    else:
        last = [
            structlog.processors.format_exc_info,
            remove_personal_data,
            structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0),
        ]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "lines": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Django configures this one first, with handlers of its own.
            "django": {"handlers": [], "level": level, "propagate": True},
            # The middleware tells each failed request already, by its route: a path may hold a reset token.
            "django.request": {"level": "CRITICAL"},
            "django.security.csrf": {"level": "CRITICAL"},
            "elastic_transport": {"level": "ERROR"},
            # The demo's queue is a folder and has no host; each connection would say so.
            "kombu.connection": {"level": "ERROR"},
        },
    }
