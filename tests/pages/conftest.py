"""The pages against a hand-made list, and catalogues compiled as the set-up does it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation

from recommendations.ranking.dataset import DataSet
from recommendations.ranking.dials import Dials
from recommendations.selectors.lists import arms, programme, questions, recommendations, similar, stars, world
from recommendations.selectors.lists.person import Person, UnknownFilmError, UnknownPersonError
from recommendations.selectors.lists.programme import Programme, ProgrammeRow
from recommendations.selectors.lists.recommendations import Recommendation, RecommendationList
from recommendations.selectors.lists.stars import Expected

ASKED = questions.questions_for
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
        self.kind = ""
        self.expected: dict[int, Expected] = {}
        self.predicts = True
        self.rows: tuple[ProgrammeRow, ...] = ()
        self.champion = SimpleNamespace(
            artefact=SimpleNamespace(data=DataSet()), people=SimpleNamespace(user_ids=[1, 2, 3]), groups=()
        )
        self.films = [
            (50, "Star Wars", 1977, ("Action", "Sci-Fi"), "Because you rated <b>Fargo</b> highly."),
            (267, "unknown", None, ("unknown",), "Popular."),
            (3, "Amélie & Co", 2001, ("Comedy", "Film-Noir"), "Because you like comedies."),
        ]

    def require_champion(self) -> Any:
        if self.error is not None:
            raise self.error
        return self.champion

    def require_known(self, champion: Any, movielens_user: int) -> None:
        assert champion is self.champion
        if movielens_user > 3:
            raise UnknownPersonError("unknown")

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
        champion = champion or self.require_champion()
        if person.movielens_user is not None:
            self.require_known(champion, person.movielens_user)
        self.kind = kind
        has_profile = person.movielens_user is not None or not person.demographics.is_empty
        return SimpleNamespace(
            champion=champion,
            artefact=champion.artefact,
            person=person,
            dials=dials,
            has_profile=has_profile,
        )

    def recommendations_for(self, look: Any, *, k: int = 10) -> RecommendationList:
        person, self.dials = look.person, look.dials
        self.asked.append((person, k))
        items = tuple(
            Recommendation(rank, movie, title, year, genres, 5.0 - rank, reason)
            for rank, (movie, title, year, genres, reason) in enumerate(self.films[:k], start=1)
        )
        weight = 1.0 if person.movielens_user is None else 0.125
        return RecommendationList(items, "numpy", "v1", weight, degraded=self.degraded)

    def similar_to(self, champion: Any, **_asked: Any) -> Any:
        raise UnknownFilmError("The list is made by hand; there are no vectors.")

    def programme_for(self, look: Any, *, k: int = 10) -> Programme:
        expected = {} if look.person.hides_stars else self.expected
        return Programme(self.recommendations_for(look, k=k), self.rows, expected, self.predicts)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    """The selectors, replaced."""
    fake = FakeEngine()
    for name in ("require_champion", "require_known", "look_at"):
        monkeypatch.setattr(world, name, getattr(fake, name))
    monkeypatch.setattr(recommendations, "recommendations_for", fake.recommendations_for)
    for room in (programme, arms):
        monkeypatch.setattr(room, "programme_for", fake.programme_for)
    monkeypatch.setattr(similar, "similar_to", fake.similar_to)
    monkeypatch.setattr(stars, "expected_of", lambda look, *, movie_ids: fake.expected)
    monkeypatch.setattr(stars, "expected_for", lambda person, *, movie_ids: fake.expected)
    monkeypatch.setattr(stars, "stars_given", lambda look, *, movie_id: None)
    if questions.questions_for is ASKED:  # a test may have questions of its own
        monkeypatch.setattr(questions, "questions_for", lambda look, **_wish: ())
    return fake


@pytest.fixture
def as_person(client, engine) -> Callable[..., None]:
    """Sends a form and forgets what that asked of the engine."""

    def send(**fields: object) -> None:
        response = client.post("/recommend_session", fields)
        assert response.status_code == 303, response.content.decode()
        engine.asked.clear()

    return send
