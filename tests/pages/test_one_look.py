"""A request of a page looks at the world once: one version, one reading of the history, one folding in."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from recommendations.models import Movie
from recommendations.selectors.lists import engines, world
from recommendations.services.feedback import rate_movie
from tests.selectors.versions import registered, switch_champion_at_every_look

pytestmark = pytest.mark.django_db
FILM = 23
ONE_FILM = re.compile(r'"(movie_id|movielens_id)" = \d')


@pytest.fixture(autouse=True)
def _own_home(settings, tmp_path):
    settings.MOVIEREC_HOME, settings.ELASTICSEARCH_URL = tmp_path, ""
    registered(tmp_path, 0, "champion")
    Movie.objects.bulk_create(
        Movie(movielens_id=number, title=f"Film {number}", original_title=str(number))
        for number in range(1, 130)
    )


@pytest.fixture
def ann(client) -> User:
    user = User.objects.create_user("ann", password="x")
    client.force_login(user)
    for number in (5, 7, 9, 11, 13):
        rate_movie(user=user, movie_id=number, stars=4)
    return user


def shown(client, address: str) -> str:
    """The page without what changes with every answer."""
    page = client.get(address)
    assert page.status_code == 200
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page.content.decode())
    return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "list", text)


@pytest.mark.parametrize("address", ["/results", "/taste", "/start", f"/films/{FILM}/", f"/films/{FILM}/why"])
def test_a_page_speaks_of_one_version_when_the_champion_changes_meanwhile(
    client, ann, tmp_path, monkeypatch, address
):
    expected = shown(client, address)
    registered(tmp_path, 1, "candidate")
    switch_champion_at_every_look(monkeypatch)
    assert shown(client, address) == expected
    # The next request finds the other version, and other scores with it.
    assert shown(client, address) != expected


@pytest.mark.parametrize(
    "address", ["/begin", "/results?filter=Drama", "/taste", "/start", f"/films/{FILM}/"]
)
def test_forms_chips_and_dials_ask_for_no_champion_of_their_own(client, ann, address):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    assert sum('FROM "recommendations_modelversion"' in query["sql"] for query in queries) == 1


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize("way", ["/films/{}/rate", "/films/{}/answer"])
def test_a_click_on_a_star_reads_the_history_once_and_folds_in_once(
    client, ann, monkeypatch, django_capture_on_commit_callbacks, way, htmx
):
    folded = []
    fold_in = world.fold_in
    monkeypatch.setattr(world, "fold_in", lambda *given: folded.append(given) or fold_in(*given))
    headers = {"HX-Request": "true"} if htmx else {}
    with CaptureQueriesContext(connection) as queries, django_capture_on_commit_callbacks(execute=True):
        answer = client.post(way.format(FILM), {"stars": 5}, headers=headers)
    assert answer.status_code == (200 if htmx else 303)
    histories = [
        query["sql"]
        for query in queries
        if 'FROM "recommendations_rating"' in query["sql"] and not ONE_FILM.search(query["sql"])
    ]
    # A plain form is answered by a redirect, and the page after it reads and folds in.
    assert (len(histories), len(folded)) == ((1, 1) if htmx else (0, 0))


@pytest.mark.parametrize("number", [21, 9_999])
def test_whether_a_number_exists_is_found_out_without_ranking_or_folding_in(client, monkeypatch, number):
    def refuse(*given, **named):
        raise AssertionError("nothing has to be ranked for this")

    for module, name in ((world, "fold_in"), (engines, "rank_films"), (engines, "run_ranking")):
        monkeypatch.setattr(module, name, refuse)
    answer = client.post("/recommend_session", {"user": number})
    assert answer.status_code == (303 if number == 21 else 404)


def test_a_json_client_asks_for_an_unknown_number_without_ranking(client, monkeypatch):
    monkeypatch.setattr(world, "fold_in", lambda *given: pytest.fail("nobody is folded in"))
    answer = client.post("/recommend_session", {"user": 9_999}, content_type="application/json")
    assert answer.status_code == 404
