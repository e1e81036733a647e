"""What the page ``/results`` costs beyond the recommendation call it makes, on the running demo's data::

    python -m benchmarks.page

Whole requests through Django, middleware and session included, without a network in between.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from dataclasses import asdict, dataclass
from itertools import cycle
from unittest import mock

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "movierec_site.settings.demo")
django.setup()

from django.test import Client  # noqa: E402

from recommendations.ranking.dials import Dials  # noqa: E402
from recommendations.selectors.lists import programme, world  # noqa: E402
from recommendations.selectors.lists.person import Person  # noqa: E402

PEOPLE, WARM_UP = 50, 20


@dataclass(frozen=True)
class PageTime:
    """Milliseconds of the page and of the call inside it; ``ratio`` is the median of page by call, pair by pair."""

    page_p50_ms: float
    page_p95_ms: float
    call_p50_ms: float
    ratio: float


def measure_page(*, rounds: int) -> PageTime:
    """Open the page ``rounds`` times, for :data:`PEOPLE` MovieLens users in turn.

    Raises
    ------
    RuntimeError
        If an answer is not the page, or was made without Elasticsearch.
    """
    pages: list[float] = []
    calls: list[float] = []
    look_at, rank = world.look_at, programme.programme_for

    def timed_look(person: Person, dials: Dials) -> world.Look:
        begun = time.perf_counter()
        look = look_at(person, dials)
        calls.append(1000 * (time.perf_counter() - begun))
        return look

    def timed(look: world.Look, *, k: int) -> programme.Programme:
        begun = time.perf_counter()
        made = rank(look, k=k)
        calls[-1] += 1000 * (time.perf_counter() - begun)
        if made.ranked.degraded:
            raise RuntimeError("Elasticsearch does not answer; start the demo first: make demo.")
        return made

    visits = cycle([_visit(user) for user in range(1, PEOPLE + 1)])
    with (
        mock.patch.object(world, "look_at", timed_look),
        mock.patch.object(programme, "programme_for", timed),
    ):
        for _round in range(rounds + WARM_UP):
            visit = next(visits)
            begun = time.perf_counter()
            answer = visit.get("/results")
            pages.append(1000 * (time.perf_counter() - begun))
            if answer.status_code != 200 or len(calls) != len(pages):
                raise RuntimeError(f"/results answered {answer.status_code} after {len(calls)} calls.")
    pages, calls = pages[WARM_UP:], calls[WARM_UP:]
    return PageTime(
        statistics.median(pages),
        statistics.quantiles(pages, n=20)[-1],
        statistics.median(calls),
        statistics.median(page / call for page, call in zip(pages, calls, strict=True)),
    )


def _visit(user: int) -> Client:
    visit = Client(headers={"host": "localhost"})
    answer = visit.post("/recommend_session", {"user": user})
    if answer.status_code != 303:
        raise RuntimeError(f"MovieLens user {user} is not taken: {answer.status_code}.")
    return visit


def main() -> int:
    """Run from the command line; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=200, help="how often the page is opened (default: 200)")
    print(json.dumps(asdict(measure_page(rounds=parser.parse_args().rounds))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
