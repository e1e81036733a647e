"""A made data set with the counts of MovieLens-100k, and servers on loopback that hand it out."""

from __future__ import annotations

import io
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from recommendations.services.movielens.layout import COUNTS

FLAGS = "|".join(["0"] * 18 + ["1"])


def write_full_set(folder: Path) -> Path:
    """Three files that are as many as the real ones and refer to each other, but say nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    users, movies = COUNTS["users"], COUNTS["movies"]
    pairs = (divmod(number, 200) for number in range(COUNTS["ratings"]))
    ratings = [f"{user + 1}\t{movie + 1}\t3\t{881250949 + user}" for user, movie in pairs]
    films = [
        f"{n}|Misérables, Les ({n})|01-Jan-1995||http://example.org|{FLAGS}" for n in range(1, movies + 1)
    ]
    people = [f"{n}|24|M|technician|85711" for n in range(1, users + 1)]
    for name, lines in (("u.data", ratings), ("u.item", films), ("u.user", people)):
        (folder / name).write_text("".join(f"{line}\n" for line in lines), encoding="latin-1")
    return folder


def as_zip(folder: Path, *, without: str = "") -> bytes:
    """The folder as GroupLens packs it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as content:
        for path in sorted(folder.iterdir()):
            if path.name != without:
                content.write(path, f"ml-100k/{path.name}")
        # Names that lead out of the folder must not be followed.
        content.writestr("../escaped.txt", "no")
    return packed.getvalue()


@contextmanager
def serving(
    body: bytes, *, promised: int | None = None, status: int = 200, then_wait: float = 0
) -> Iterator[tuple[str, list[str]]]:
    """The address of a server that answers with ``body``, announcing ``promised`` bytes, and hangs up
    after ``then_wait`` seconds; and what was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802  (the name that http.server calls)
            asked.append(self.path)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body) if promised is None else promised))
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()
            time.sleep(then_wait)

        def log_message(self, format: str, *args: object) -> None:
            """Keep the requests out of the output of the tests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/ml-100k.zip", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
