"""Posters from a stand-in that speaks TMDB's JSON: fetched once, kept, and never without an operator's key."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from recommendations.models import Movie
from recommendations.services import posters

pytestmark = pytest.mark.django_db
IMAGE = b"\xff\xd8\xff\xe0 a poster"


class Tmdb(BaseHTTPRequestHandler):
    """Film 275 has a poster, 276 none, 277 a page instead of a picture, and TMDB is broken for 500."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        number = self.path.partition("?")[0].rpartition("/")[2]
        if self.path.startswith("/t/p/w342/"):
            self._send(IMAGE, "text/html" if number == "277.jpg" else "image/jpeg")
        elif "api_key=secret" not in self.path and self.headers.get("Authorization") != f"Bearer {'s' * 60}":
            self.send_error(401)
        elif number in ("275", "276", "277"):
            path = None if number == "276" else f"/{number}.jpg"
            self._send(json.dumps({"id": int(number), "poster_path": path}).encode(), "application/json")
        else:
            self.send_error(404 if number == "404" else 500)

    def _send(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing on the terminal."""


@pytest.fixture
def tmdb(settings, tmp_path) -> Iterator[list[str]]:
    """What the stand-in was asked for."""
    Tmdb.asked = []
    server = HTTPServer(("127.0.0.1", 0), Tmdb)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    settings.TMDB_API_KEY, settings.MOVIEREC_HOME = "secret", tmp_path
    settings.TMDB_API_URL, settings.TMDB_IMAGE_URL = f"{address}/3", f"{address}/t/p"
    posters._last_trouble.clear()
    yield Tmdb.asked
    posters._last_trouble.clear()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def films():
    for number, tmdb_id in ((1, 275), (2, 276), (3, 277), (4, 500), (5, None), (6, 404)):
        Movie.objects.create(
            movielens_id=number, title=f"Film {number}", original_title="", year=1996, tmdb_id=tmdb_id
        )


def body_of(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_a_poster_is_fetched_once_and_kept(client, tmdb):
    first = client.get("/posters/1")
    assert (first.status_code, first["Content-Type"], body_of(first)) == (200, "image/jpeg", IMAGE)
    assert tmdb == ["/3/movie/275?api_key=secret", "/t/p/w342/275.jpg"]
    assert body_of(client.get("/posters/1")) == IMAGE
    assert len(tmdb) == 2


def test_pages_show_posters_and_name_tmdb(client, tmdb):
    page = client.get("/films/1/").content.decode()
    assert 'src="/posters/1"' in page
    assert "not endorsed or certified by TMDB" in page


@pytest.mark.parametrize("number", [2, 3, 4, 5, 6, 99])
def test_where_there_is_none_the_drawn_cover_stands_in(client, tmdb, number):
    response = client.get(f"/posters/{number}")
    assert response.status_code == 302
    assert response["Location"].startswith(f"/covers/{number}.svg")


def test_a_film_without_a_poster_is_not_asked_about_again(client, tmdb):
    for _again in range(2):
        client.get("/posters/2")
        client.get("/posters/6")
    assert len(tmdb) == 2


def test_a_tmdb_that_fails_is_left_alone_for_a_while(client, tmdb):
    client.get("/posters/4")
    client.get("/posters/1")
    assert len(tmdb) == 1


def test_a_token_goes_in_a_header_and_to_the_api_alone(client, tmdb, settings):
    settings.TMDB_API_KEY = "s" * 60
    assert body_of(client.get("/posters/1")) == IMAGE
    assert tmdb == ["/3/movie/275", "/t/p/w342/275.jpg"]


def test_without_a_key_nothing_is_fetched_and_covers_are_drawn(client, tmdb, settings):
    settings.TMDB_API_KEY = ""
    assert client.get("/posters/1").status_code == 302
    assert tmdb == []
    page = client.get("/films/1/").content.decode()
    assert "/posters/" not in page
    assert "no posters are used" in page
