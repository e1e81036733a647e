"""The Python client is that of today's schema, and a shop works with nothing but it."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from drf_spectacular.generators import SchemaGenerator

from recommendations.models import ServicePerson
from recommendations.services.account.tokens import create_token
from scripts import make_client
from tests.api.other_sites import SCOPES, a_model_and_films, operator

CLIENTS = django_settings.BASE_DIR / "clients" / "python"
USE = """
import sys
from movierec_client import Client, Problem

shop = Client(sys.argv[1], sys.argv[2]).other_sites
assert shop.people_put("anna@shop, 1", {"age": 34})["key"] == "anna@shop, 1"
report = shop.bulk_ratings({"person": "anna@shop, 1", "movie_id": film, "stars": 5} for film in (3, 5, 0))
assert (report["accepted"], report["refused"]) == (2, 1), report
films = shop.people_recommendations("anna@shop, 1", k=3, exclude=[7], explain=True)["items"]
print(*(f"{film['title']}: {film['reason']}" for film in films), sep="\\n")
assert shop.people_delete("anna@shop, 1") is None
try:
    shop.people_read("anna@shop, 1")
except Problem as problem:
    print(problem.status, problem.detail)
try:
    Client("http://127.0.0.1:9").films.films_list(q="x")
except Problem as problem:
    print(problem.status)
"""


@pytest.mark.django_db
def test_the_client_is_that_of_the_schema():
    schema = SchemaGenerator().get_schema(request=None, public=True)
    made = make_client.modules(schema)
    there = {path.name for path in make_client.PACKAGE.glob("*.py")}
    assert there == {*made, "connection.py"}
    assert len(made) > 5
    for name, text in made.items():
        assert (make_client.PACKAGE / name).read_text(encoding="utf-8") == text, (
            f"{name} is not of today's schema"
        )


@pytest.mark.django_db(transaction=True)
def test_a_shop_works_with_nothing_but_the_client(live_server, settings, tmp_path):
    a_model_and_films(settings, tmp_path)
    token = create_token(user=operator(), name="shop", scopes=SCOPES, lifetime=timedelta(days=1))[1]
    done = subprocess.run(
        [sys.executable, "-S", "-c", USE, live_server.url, token],
        env={"PYTHONPATH": str(CLIENTS)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    *films, refused, silent = done.stdout.splitlines()
    assert len(films) == 3
    assert all(line.startswith("Film ") for line in films)
    assert refused.startswith("404 ")
    assert silent == "0"
    assert not ServicePerson.objects.exists()
