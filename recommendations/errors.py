"""The one root of what this project raises when it refuses something or cannot do it."""

from __future__ import annotations


class MovierecError(Exception):
    """The message is one clear sentence. Commands print it; pages and API answer with it (``web/problems.py``).

    ``kind`` is the end of the problem's type, made for programs; ``status`` is the HTTP status, 500 for an error that
    no request should meet; ``field`` names the part of a request that is at fault, if one is.
    """

    kind = "internal-error"
    status = 500
    field = ""


class ConflictError(MovierecError):
    """What is asked for is sound, but the state of things does not allow it; nothing has changed."""

    kind, status = "conflict", 409


class InvalidError(MovierecError, ValueError):
    """A value does not fit; the message names it and says what is expected."""

    kind, status = "invalid-request", 400
