"""``manage.py bench_bulk``: how many people, ratings and events of another site are taken in per second, over HTTP."""

from __future__ import annotations

import json
import random
import time
import uuid
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from django.core.management.base import BaseCommand, CommandError

from recommendations.models import Movie

LINES = 20_000
PREFIX = "bench-"


class Command(BaseCommand):
    """Sends rows, asks for the time, and deletes what it has sent."""

    help = (
        "Sends made-up people, ratings and events to a running site with a token of the scopes people:read and people:write, says "
        "how many rows a second were taken in, and deletes them again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", default="http://127.0.0.1:5000", help="default: %(default)s")
        parser.add_argument("--token", required=True)
        parser.add_argument("--people", type=int, default=1_000, help="default: %(default)s")
        parser.add_argument("--ratings", type=int, default=100, help="of each of them; default: %(default)s")

    def handle(self, *args: Any, **options: Any) -> None:
        films = list(Movie.objects.each_once().values_list("movielens_id", flat=True))
        if not films:
            raise CommandError("There is no catalogue yet; run: manage.py run_pipeline")
        self._url, self._token = options["url"].rstrip("/"), options["token"]
        self._open = build_opener(ProxyHandler({})).open
        keys = [f"{PREFIX}{number}" for number in range(options["people"])]
        chance = random.Random(1)
        ratings = (
            {"person": key, "movie_id": film, "stars": chance.randint(1, 5)}
            for key in keys
            for film in chance.sample(films, min(len(films), options["ratings"]))
        )
        try:
            self._measure("people", iter([{"key": key, "age": 30} for key in keys]))
            self._measure("ratings", ratings)
            self._measure("events", self._events(keys, films, options["ratings"]), path="events/")
        finally:
            for key in keys:
                self._call("DELETE", f"people/{key}/", missing_is_fine=True)

    @staticmethod
    def _events(keys: list[str], films: list[int], of_each: int) -> Iterator[dict[str, Any]]:
        now = datetime.now(UTC).isoformat()
        for key in keys:
            for place in range(of_each):
                film = films[place % len(films)]
                yield {"id": str(uuid.uuid4()), "kind": "open", "movie_id": film, "at": now, "person": key}

    def _measure(self, what: str, rows: Iterator[dict[str, Any]], path: str = "") -> None:
        taken, seconds, left = 0, 0.0, list(rows)
        for begin in range(0, len(left), LINES):
            body = "\n".join(json.dumps(row) for row in left[begin : begin + LINES]).encode()
            begun = time.perf_counter()
            report = self._call("POST", path or f"bulk/{what}/", body)
            seconds += time.perf_counter() - begun
            taken += report["accepted"]
        self.stdout.write(
            f"{what}: {taken:,} of {len(left):,} rows in {seconds:.2f} s, {taken / seconds:,.0f} a second"
        )

    def _call(
        self, method: str, path: str, body: bytes | None = None, *, missing_is_fine: bool = False
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/x-ndjson"}
        request = Request(f"{self._url}/api/v1/{path}", body, headers, method=method)
        try:
            with self._open(request, timeout=300) as answer:
                read: dict[str, Any] = json.loads(answer.read() or b"{}")
                return read
        except HTTPError as error:
            if error.code == 404 and missing_is_fine:
                return {}
            raise CommandError(f"{method} {path}: {error.code} {error.read().decode()[:300]}") from error
