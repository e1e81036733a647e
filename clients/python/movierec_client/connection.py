"""HTTP for the client, with nothing but Python: tokens, JSON, lines of JSON, and problems as one exception."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

LINES = "application/x-ndjson"
OWN = ("127.0.0.1", "localhost", "::1")


class Problem(Exception):  # noqa: N818  # what the API itself calls it
    """The API refused: ``status``, and the sentence that it says why with. ``fields`` are those at fault."""

    def __init__(self, status: int, detail: str, fields: Any = None) -> None:
        super().__init__(f"{status}: {detail}")
        self.status, self.detail, self.fields = status, detail, fields


def segment(value: object) -> str:
    """A part of an address, with everything in it percent-encoded."""
    return quote(str(value), safe="")


class Connection:
    """One site and one token. A proxy of the environment is used, but not for a site on this machine."""

    def __init__(self, site: str, token: str, *, seconds: float) -> None:
        self.site, self.token, self.seconds = site.rstrip("/"), token, seconds
        own = urlsplit(site).hostname in OWN
        self._opener = urllib.request.build_opener(*([urllib.request.ProxyHandler({})] if own else []))

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        lines: Iterable[Mapping[str, Any]] | None = None,
    ) -> Any:
        """The answer: an object, a list of the objects of its lines, or ``None`` if it is empty.

        Raises
        ------
        Problem
            With the status and sentence of the API; 0 if the site does not answer.
        """
        asked = {name: _text(value) for name, value in (query or {}).items() if value is not None}
        address = f"{self.site}{path}" + (f"?{urlencode(asked)}" if asked else "")
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        data = None
        if lines is not None:
            data = "\n".join(json.dumps(line) for line in lines).encode()
            headers["Content-Type"] = LINES
        elif body is not None:
            data = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        request = urllib.request.Request(address, data, headers, method=method)
        try:
            with self._opener.open(request, timeout=self.seconds) as answer:
                return _read(answer.read(), answer.headers.get_content_type())
        except urllib.error.HTTPError as error:
            raise _problem(error.code, error.read()) from None
        except OSError as error:
            raise Problem(0, f"{self.site} does not answer: {error}") from error


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(map(str, value)) if isinstance(value, (list, tuple, set)) else str(value)


def _read(content: bytes, kind: str) -> Any:
    if kind == LINES:
        return [json.loads(line) for line in content.splitlines() if line]
    return json.loads(content) if content else None


def _problem(status: int, content: bytes) -> Problem:
    try:
        body = json.loads(content)
        return Problem(status, body["detail"], body.get("errors"))
    except (ValueError, KeyError, TypeError):
        return Problem(status, content.decode("utf-8", "replace")[:200])
