"""gunicorn's worker, which answers in the site's own format where it refuses a request before Django sees it."""

from __future__ import annotations

import json
from typing import Any

from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine
from gunicorn.workers.gthread import ThreadWorker

_REFUSED = {
    LimitRequestLine: (
        414,
        "URI Too Long",
        "address-too-long",
        "The address is longer than this site reads.",
    ),
    LimitRequestHeaders: (
        431,
        "Request Header Fields Too Large",
        "headers-too-large",
        "The headers are longer than this site reads.",
    ),
}


class WebWorker(ThreadWorker):
    """Threads, as gunicorn has them; nobody knows the language of a request that was not read, so this is English."""

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Problem details (RFC 9457) for what is too long, gunicorn's own answer for everything else."""
        refused = _REFUSED.get(type(exc))
        if refused is None:
            super().handle_error(req, client, addr, exc)
            return
        status, reason, kind, sentence = refused
        body = json.dumps(
            {
                "type": f"urn:movierec:problem:{kind}",
                "title": reason,
                "status": status,
                "detail": sentence,
                "errors": [],
            }
        ).encode()
        head = (
            f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nContent-Type: application/problem+json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        try:
            client.sendall(head.encode() + body)
        except OSError:
            self.log.debug("Nobody waits for the answer to what was too long.")
