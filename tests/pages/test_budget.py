"""What every page may cost: queries, and the bytes of the first one."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext

from recommendations.models import Movie
from tests.site_addresses import named_addresses
from tests.trained_home import first_run, trained

__all__ = ["first_run", "trained"]
MOST_QUERIES, MOST_BYTES = 12, 60_000
FINE = {200, 302, 303, 304, 400, 404, 405, 410}


@pytest.fixture
def film(trained) -> Movie:
    return Movie.objects.order_by("-rating_count")[0]


@pytest.fixture(params=["visitor", "person of the data", "account"])
def visit(request, client, film) -> None:
    """Somebody with ratings, a hidden film and a watchlist."""
    if request.param == "account":
        client.force_login(get_user_model().objects.create_user("ann", email="ann@example.org", password="x"))
    else:
        fields = {"user": 3} if request.param == "person of the data" else {"age": 30}
        assert client.post("/recommend_session", fields).status_code == 303
    for place, movie in enumerate(Movie.objects.order_by("-rating_count")[5:25]):
        client.post(f"/films/{movie.movielens_id}/rate", {"stars": 1 + place % 5})
    for way, number in (("hide", 30), ("watch", 31)):
        movie = Movie.objects.order_by("-rating_count")[number]
        assert client.post(f"/films/{movie.movielens_id}/{way}").status_code == 303


@pytest.mark.spark
@pytest.mark.elasticsearch
def test_no_page_needs_many_queries(visit, client, film):
    asked = {}
    for name, address in named_addresses(movie_id=film.movielens_id):
        # What a process asks once a minute, it has asked.
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
        response.close()
        assert response.status_code in FINE, (name, response.status_code)
        asked[name] = len(queries)
    assert {"pages:results", "pages:taste", "pages:onboarding", "pages:film", "pages:search"} <= set(asked)
    # A file with everything asks for each kind of mark once.
    assert asked.pop("accounts:export_zip", 0) <= MOST_QUERIES + 2
    assert {name: count for name, count in asked.items() if count > MOST_QUERIES} == {}


@pytest.mark.django_db
def test_the_first_page_is_small(client):
    page = client.get("/").content
    sizes = {"page": len(gzip.compress(page))}
    for address in re.findall(rb'(?:href|src)="/static/([^"]+\.(?:css|js|woff2))"', page):
        _add(sizes, address.decode())
    assert any(name.endswith("pico.min.css") for name in sizes)
    assert any(name.endswith(".woff2") for name in sizes)
    assert sum(sizes.values()) <= MOST_BYTES, sizes


def _add(sizes: dict[str, int], name: str) -> None:
    """The size of a file as it is sent, and of everything that a style sheet imports."""
    path = Path(finders.find(name) or "")
    content = path.read_bytes()
    sizes[name] = len(content) if name.endswith(".woff2") else len(gzip.compress(content))
    if name.endswith(".css"):
        for imported in re.findall(r'@import url\("([^"]+)"\)', content.decode()):
            root = path.parents[len(Path(name).parents) - 1]
            _add(sizes, str((path.parent / imported).resolve().relative_to(root.resolve())))
