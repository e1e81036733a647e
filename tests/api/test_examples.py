"""What the documentation promises, against the running demo: the tour of the API, and a generated client."""

from __future__ import annotations

import importlib
import os
import re
import secrets
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from django.conf import settings

from tests.demo_stack import DemoStack

pytestmark = [pytest.mark.spark, pytest.mark.elasticsearch]
PASSWORD = "a sentence of the operator"  # noqa: S105


def test_the_tour_signs_up_rates_and_trains(demo_stack: DemoStack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    demo_stack.manage(
        "createsuperuser", "--noinput", "--username", "tour-operator", "--email", "tour@example.org"
    )
    done = subprocess.run(
        [sys.executable, settings.BASE_DIR / "docs" / "examples" / "api_tour.py", demo_stack.url],
        env={**os.environ, "OPERATOR": "tour-operator", "OPERATOR_PASSWORD": PASSWORD},
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("Rated ") == 3
    assert len(re.findall(r"^[123]\. .+: .+ [+-]\d", done.stdout, re.MULTILINE)) == 3
    promoted = re.search(r"^(\S+) is the champion now, before it was (\S+)\.$", done.stdout, re.MULTILINE)
    assert promoted
    assert promoted[1] != promoted[2]
    assert f"Rolled back to {promoted[2]}." in done.stdout


def test_a_generated_client_works(demo_site: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    schema = tmp_path / "schema.yml"
    with urllib.request.urlopen(f"{demo_site}/api/v1/schema/") as response:
        schema.write_bytes(response.read())
    generator = Path(sys.executable).with_name("openapi-python-client")
    command = [generator, "generate", "--path", schema, "--meta", "none"]
    made = subprocess.run(
        [*command, "--output-path", tmp_path / "movierec_client"], capture_output=True, text=True, timeout=120
    )
    assert made.returncode == 0, made.stdout + made.stderr
    monkeypatch.syspath_prepend(tmp_path)
    package = importlib.import_module("movierec_client")
    models = importlib.import_module("movierec_client.models")

    def operation(name: str):
        return importlib.import_module(f"movierec_client.api.{name}")

    anybody = package.Client(base_url=demo_site)
    name, password = f"client-{secrets.token_hex(4)}", secrets.token_urlsafe(12)
    account = operation("access.accounts_create").sync(
        client=anybody, body=models.NewAccount(username=name, password=password, age=30)
    )
    assert account.username == name
    token = operation("access.tokens_create").sync(
        client=anybody,
        body=models.NewToken(
            username=name,
            password=password,
            scopes=[models.ScopesEnum("read"), models.ScopesEnum("write")],
        ),
    )
    # Who only looks needs no token, and what may be left out is left out.
    newcomer = operation("recommendations.recommendations_preview").sync(
        client=anybody, body=models.PersonPreview(gender="F", occupation=None)
    )
    assert len(newcomer.items) == 10
    me = package.AuthenticatedClient(base_url=demo_site, token=token.token)
    rated = operation("mine.ratings_put").sync(50, client=me, body=models.StarsBody(stars=5))
    assert (rated.movie_id, rated.stars) == (50, 5)
    mine = operation("recommendations.recommendations_me").sync(client=me, k=3)
    assert len(mine.items) == 3
    assert 50 not in {film.movie_id for film in mine.items}
    found = operation("films.films_list").sync(client=anybody, q="star wars", limit=1)
    assert [film.movie_id for film in found.items] == [50]
    refused = operation("operation.jobs_list").sync_detailed(client=me)
    assert refused.status_code == 403
