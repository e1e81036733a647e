"""People of a made-up other site: each has a hidden taste drawn from the model, looks through lists and does what fits it."""

from __future__ import annotations

import json
import math
import random
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import ProxyHandler, Request, build_opener

import numpy as np
from numpy.typing import NDArray

from recommendations.ranking.dials import Dials
from recommendations.ranking.fold_in import fold_in
from recommendations.ranking.score import make_plan, score_films
from recommendations.selectors.lists.champion import Champion

PREFIX = "simulated-"
LISTED = 10
# How much a taste differs from that of the person of the data whom it is drawn from.
NOISE = 0.6
#: A fit is in standard deviations over all films. From OPENS on films are opened about every second time.
OPENS, STEEPNESS = 1.8, 1.4
STARS_FROM = (-0.5, 0.3, 1.0, 1.8)


class Client:
    """Calls the API as any other site does.

    Raises
    ------
    SimulationError
        If the site refuses something.
    """

    def __init__(self, url: str, token: str) -> None:
        self._url, self._token = url.rstrip("/"), token
        self._open = build_opener(ProxyHandler({})).open

    def call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """The answer's JSON; a list as the body is sent as lines."""
        lines = isinstance(body, list)
        sent = None
        if body is not None:
            sent = ("\n".join(map(json.dumps, body)) if lines else json.dumps(body)).encode()
        kind = "application/x-ndjson" if lines else "application/json"
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": kind}
        request = Request(f"{self._url}/api/v1/{path}", sent, headers, method=method)
        try:
            with self._open(request, timeout=60) as answer:
                read: dict[str, Any] = json.loads(answer.read() or b"{}")
                return read
        except HTTPError as error:
            raise SimulationError(f"{method} {path}: {error.code} {error.read().decode()[:300]}") from error


class SimulationError(Exception):
    """The site does not take part; the message says why."""


@dataclass
class SimulatedPerson:
    """``fits`` are how well each of the model's films fits the hidden taste, ``habit`` how readily this one opens films."""

    key: str
    fits: NDArray[np.float64]
    habit: float
    seen: set[int] = field(default_factory=set)


def draw_people(champion: Champion, number: int, chance: random.Random) -> list[SimulatedPerson]:
    """So many people, each with the taste of a random person of the data and some of their own."""
    numbers, people = champion.people.user_ids, []
    generator = np.random.default_rng(chance.getrandbits(32))
    for place in range(number):
        demographics, history = champion.people.person(int(chance.choice(numbers)))
        taste = fold_in(champion.artefact, demographics, history)
        scores = score_films(champion.artefact, make_plan(taste, Dials())).astype(np.float64)
        fits = (scores - scores.mean()) / (scores.std() or 1.0)
        fits += generator.normal(0, NOISE, fits.size)
        people.append(SimulatedPerson(f"{PREFIX}{place}", fits, chance.gauss(0, 0.5)))
    return people


@dataclass
class Tally:
    """How many lists and events a simulation has sent."""

    lists: int = 0
    events: int = 0
    refused: int = 0
    ratings: int = 0


def live_a_day(
    client: Client,
    champion: Champion,
    people: Iterable[SimulatedPerson],
    chance: random.Random,
    tally: Tally,
) -> None:
    """Half of the people come, get a list, look at it from the top and do what fits their taste."""
    waiting: list[dict[str, Any]] = []
    for person in people:
        if chance.random() < 0.5:
            continue
        path = f"people/{quote(person.key, safe='')}/recommendations/?k={LISTED}"
        answer = client.call("GET", path)
        tally.lists += 1
        waiting += _visit(person, answer, champion, chance)
        if len(waiting) >= 1_000:
            _send(client, waiting, tally)
    _send(client, waiting, tally)


def _send(client: Client, waiting: list[dict[str, Any]], tally: Tally) -> None:
    if not waiting:
        return
    report = client.call("POST", "events/", waiting)
    tally.events += report["accepted"]
    tally.refused += report["refused"]
    tally.ratings += sum(event["kind"] == "rating" for event in waiting)
    waiting.clear()


def _visit(
    person: SimulatedPerson, answer: dict[str, Any], champion: Champion, chance: random.Random
) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    for item in answer["items"]:
        # Fewer and fewer people look further down.
        if chance.random() > 0.93:
            break
        row = champion.artefact.positions.get(item["movie_id"])
        fit = float(person.fits[row]) if row is not None else 0.0
        for kind, stars in _acts(fit + person.habit, chance):
            events.append(_event(person, answer["list_id"], item["rank"], kind, stars))
    return events


def _acts(fit: float, chance: random.Random) -> Sequence[tuple[str, int | None]]:
    acts: list[tuple[str, int | None]] = [("impression", None)]
    if chance.random() < 1 / (1 + math.exp(-STEEPNESS * (fit - OPENS))):
        acts.append(("open", None))
        if chance.random() < 0.4:
            acts.append(("rating", 1 + sum(fit >= limit for limit in STARS_FROM)))
        elif chance.random() < 0.3:
            acts.append(("watchlist", None))
    elif fit < -1 and chance.random() < 0.1:
        acts.append(("hide", None))
    return acts


def _event(person: SimulatedPerson, made: str, place: int, kind: str, stars: int | None) -> dict[str, Any]:
    event: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "kind": kind,
        "list": made,
        "place": place,
        "person": person.key,
        "at": datetime.now(UTC).isoformat(),
    }
    return event if stars is None else {**event, "stars": stars}
