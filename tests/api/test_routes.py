"""Unknown addresses, refused hosts, the schema and its page."""

import re

import pytest
from django.core.management import call_command

from tests.api.problem_checks import problem


@pytest.mark.parametrize("path", ["/api/", "/api/v1/", "/api/v2/x/", "/api/v1/films/%00", "/api/v1/%FF/"])
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_unknown_routes_are_problems(client, path, method):
    response = getattr(client, method)(path)
    assert response.status_code == 404
    assert "/api/v1/docs/" in problem(response)["detail"]


def test_a_forgotten_slash_is_named(client):
    response = client.post("/api/v1/recommendations/preview", {}, format="json")
    assert response.status_code == 404
    assert "Did you mean /api/v1/recommendations/preview/?" in problem(response)["detail"]


def test_a_foreign_host_is_a_problem(client):
    response = client.get("/api/v1/recommendations/?user=1", HTTP_HOST="evil.example")
    assert response.status_code == 400
    problem(response)


def test_pages_keep_their_own_errors(client, db):
    response = client.get("/nothing-here")
    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/html")


def test_messages_follow_the_language(client, ranking):
    response = client.get("/api/v1/recommendations/?user=0", HTTP_ACCEPT_LANGUAGE="fr")
    assert response["Content-Language"] == "fr"


def test_the_schema_has_no_warning(capsys):
    call_command("spectacular", "--validate", "--fail-on-warn")
    printed = capsys.readouterr().out
    assert "/api/v1/recommendations/preview/" in printed


def test_the_schema_is_served_as_json(client):
    schema = client.get("/api/v1/schema/", HTTP_ACCEPT="application/vnd.oai.openapi+json").json()
    operation = schema["paths"]["/api/v1/recommendations/"]["get"]
    assert {"200", "400", "404", "503"} <= set(operation["responses"])
    assert "application/problem+json" in operation["responses"]["404"]["content"]
    assert "examples" in operation["responses"]["200"]["content"]["application/json"]


def test_the_schema_says_what_is_refused(client):
    schema = client.get("/api/v1/schema/", HTTP_ACCEPT="application/vnd.oai.openapi+json").json()
    body = schema["components"]["schemas"]["PersonPreview"]
    assert body["additionalProperties"] is False
    assert body["properties"]["ratings"]["maxItems"] == 2000
    assert (body["properties"]["age"]["minimum"], body["properties"]["age"]["maximum"]) == (5, 110)


def test_the_docs_have_nothing_inline_and_nothing_from_elsewhere(client):
    response = client.get("/api/v1/docs/")
    assert response.status_code == 200
    html = response.content.decode()
    assert not re.search(r"<style|style=|<script(?![^>]*\bsrc=)|\bon\w+=", html)
    links = re.findall(r'(?:src|href)="([^"]*)"', html)
    assert links
    assert all(link.startswith("/") for link in links)
    assert "unsafe" not in response["Content-Security-Policy"]


def test_the_docs_load_their_script(client):
    html = client.get("/api/v1/docs/").content.decode()
    script = re.search(r'src="(/api/v1/docs/[^"]*)"', html)
    response = client.get(script[1])
    assert response["Content-Type"].startswith("application/javascript")
    assert b"/api/v1/schema/" in response.content
