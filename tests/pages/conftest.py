"""The pages against a hand-made list, and catalogues compiled as the set-up does it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from recommendations.ranking.dials import Dials
from recommendations.selectors.lists import programme, recommendations
from recommendations.selectors.lists.person import Person
from recommendations.selectors.lists.programme import Programme, ProgrammeRow
from recommendations.selectors.lists.recommendations import (
    Recommendation,
    RecommendationList,
    UnknownPersonError,
)

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session", autouse=True)
def compiled_messages() -> None:
    """French, compiled from the sources of now."""
    command = [sys.executable, "-m", "babel.messages.frontend", "compile", "-d", "locale", "-D", "django"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)


@pytest.fixture(autouse=True)
def english_again():
    """A request in French must not change the language of the next test."""
    yield
    translation.deactivate()


class FakeEngine:
    """Answers like the selector: people 1 to 3 exist; ``error`` is raised instead if it is set."""

    def __init__(self) -> None:
        self.asked: list[tuple[Person, int]] = []
        self.error: Exception | None = None
        self.degraded = False
        self.dials: Dials | None = None
        self.rows: tuple[ProgrammeRow, ...] = ()
        self.films = [
            (50, "Star Wars", 1977, ("Action", "Sci-Fi"), "Because you rated <b>Fargo</b> highly."),
            (267, "unknown", None, ("unknown",), "Popular."),
            (3, "Amélie & Co", 2001, ("Comedy", "Film-Noir"), "Because you like comedies."),
        ]

    def recommendations_for(
        self, *, person: Person, k: int = 10, dials: Dials | None = None
    ) -> RecommendationList:
        self.dials = dials
        self.asked.append((person, k))
        if self.error is not None:
            raise self.error
        if person.movielens_user is not None and person.movielens_user > 3:
            raise UnknownPersonError("unknown")
        items = tuple(
            Recommendation(rank, movie, title, year, genres, 5.0 - rank, 1 / rank, reason)
            for rank, (movie, title, year, genres, reason) in enumerate(self.films[:k], start=1)
        )
        weight = 1.0 if person.movielens_user is None else 0.125
        return RecommendationList(items, "numpy", "v1", weight, degraded=self.degraded)

    def programme_for(self, **wish: Any) -> Programme:
        return Programme(self.recommendations_for(**wish), self.rows)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    """The selector, replaced."""
    fake = FakeEngine()
    monkeypatch.setattr(recommendations, "recommendations_for", fake.recommendations_for)
    monkeypatch.setattr(programme, "programme_for", fake.programme_for)
    return fake


@pytest.fixture
def as_person(client, engine) -> Callable[..., None]:
    """Sends a form and forgets what that asked of the engine."""

    def send(**fields: object) -> None:
        response = client.post("/recommend_session", fields)
        assert response.status_code == 303, response.content.decode()
        engine.asked.clear()

    return send
