"""Gives each request an id and writes one line when it is over."""

from __future__ import annotations

import structlog
from django.http import HttpRequest, HttpResponse
from django_structlog.middlewares import RequestMiddleware


class RequestLogMiddleware(RequestMiddleware):
    """django-structlog's middleware, telling a request by its route: paths and query strings may hold secrets.

    The id goes back as ``X-Request-ID``, so that a person can name it when something went wrong. An id sent by the
    browser is not taken over. Requests that were sent away from a busy site are summed up where that happens
    (``recommendations/web/load_shedding.py``) and have no line of their own.
    """

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        response["X-Request-ID"] = structlog.contextvars.get_contextvars().get("request_id", "")
        if getattr(response, "sent_away", False):
            structlog.contextvars.clear_contextvars()  # a flood in the log would be a second overload
        else:
            super().handle_response(request, response)

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """``GET api/v1/recommendations/``."""
        match = request.resolver_match
        return f"{request.method} {match.route if match else '(no route)'}"
