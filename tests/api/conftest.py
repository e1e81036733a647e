"""A hand-made list stands at the seam of the API: ``selectors.recommendations.recommendations_for``."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from rest_framework.test import APIClient

from recommendations.ranking.dials import Dials
from recommendations.selectors.lists import recommendations, world
from recommendations.selectors.lists.person import Person
from recommendations.selectors.lists.recommendations import Recommendation, RecommendationList
from tests.trained_home import first_run, trained

__all__ = ["FakeRanking", "client", "first_run", "ranking", "trained"]


@dataclass
class FakeRanking:
    """Records what was asked, and answers one film or raises ``error``."""

    error: Exception | None = None
    asked: list[tuple[Person, int]] = field(default_factory=list)

    dials: list[Dials] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)

    def look_at(
        self,
        person: Person,
        dials: Dials | None = None,
        *,
        kind: str = "next",
        champion: Any = None,
        filters: Any = None,
        only: Any = None,
    ) -> Any:
        if self.error is not None:
            raise self.error
        self.kinds.append(kind)
        return SimpleNamespace(champion=champion, person=person, dials=dials or Dials())

    def recommendations_for(self, look: Any, *, k: int = 10) -> RecommendationList:
        self.asked.append((look.person, k))
        self.dials.append(look.dials)
        film = Recommendation(
            rank=1,
            movie_id=50,
            title="Star Wars",
            year=1977,
            genres=("Action", "Sci-Fi"),
            score=2.5,
            reason="Because you like Sci-Fi",
            predicted_stars=4.31,
            match=93,
        )
        return RecommendationList(
            items=(film,), engine="elasticsearch", model_version="v1", profile_weight=0.25
        )


@pytest.fixture(autouse=True)
def _uncounted() -> None:
    """No test starts with the requests that another one has sent."""
    cache.clear()


@pytest.fixture
def ranking(monkeypatch: pytest.MonkeyPatch, db: None) -> FakeRanking:
    fake = FakeRanking()
    monkeypatch.setattr(
        world, "require_champion", lambda: SimpleNamespace(version="v1", state=("v1", 0, 0.0))
    )
    monkeypatch.setattr(world, "look_at", fake.look_at)
    monkeypatch.setattr(recommendations, "recommendations_for", fake.recommendations_for)
    return fake


@pytest.fixture
def client() -> APIClient:
    return APIClient(raise_request_exception=False)
