"""The two questions of ``make demo-check``, against a server with canned answers."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.management.base import CommandError

from recommendations.management.demo_check import LENGTH, Questions, check_site
from recommendations.ranking.dataset import DataSet


def ranked(scores=(5.0, 4.0, 3.0, 2.0, 1.0), **changes):
    items = [
        {"rank": rank, "title": f"Film {rank}", "year": None, "score": score, "reason": "Because."}
        for rank, score in enumerate(scores, start=1)
    ]
    return {"engine": "elasticsearch", "model_version": "v1", "degraded": False, "items": items, **changes}


class CannedSite(ThreadingHTTPServer):
    """Answers the known person and the newcomer with what it was given, and records what was asked."""

    def __init__(self, known, newcomer, status=200):
        super().__init__(("127.0.0.1", 0), _Answer)
        self.known, self.newcomer, self.status, self.asked = known, newcomer, status, []


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self):  # noqa: N802
        self._send(self.server.known, None)

    def do_POST(self):  # noqa: N802
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._send(self.server.newcomer, body)

    def _send(self, answer, body):
        self.server.asked.append((self.path, body))
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *args):
        pass


@pytest.fixture
def check():
    """Runs the check against canned answers; gives the printed lines and the requests."""
    servers = []

    def run(known, newcomer, status=200):
        server = CannedSite(known, newcomer, status)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        lines = []
        check_site(f"http://127.0.0.1:{server.server_port}", lines.append)
        return lines, server.asked

    yield run
    for server in servers:
        server.shutdown()
        server.server_close()


def test_asks_for_both_people_and_prints_their_films(check):
    lines, asked = check(ranked(), ranked())
    assert asked[0] == (f"/api/v1/recommendations/?user=196&k={LENGTH}", None)
    assert asked[1][0] == "/recommend_session"
    assert asked[1][1]["occupation"] == "artist"
    assert sum("Film 1" in line for line in lines) == 2


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (ranked(degraded=True), "did not come from Elasticsearch"),
        (ranked(engine="numpy"), "did not come from Elasticsearch"),
        (ranked(scores=(3.0, 2.0)), "Asked for 5 films, got 2"),
        (ranked(scores=(1.0, 2.0, 3.0, 4.0, 5.0)), "not ordered"),
    ],
)
def test_refuses_a_list_that_is_not_right(check, wrong, said):
    for answers in ((wrong, ranked()), (ranked(), wrong)):
        with pytest.raises(CommandError, match=said):
            check(*answers)


def test_repeats_what_the_site_said(check):
    with pytest.raises(CommandError, match=r"answered 503: .*no model"):
        check({"detail": "no model"}, {}, status=503)


def test_asks_only_what_the_data_know():
    bare = DataSet(name="club", genders=(), occupations=("baker",), has_ages=False)
    questions = Questions.fitting(bare, 7)
    assert (questions.user, questions.newcomer) == (7, {"occupation": "baker"})
    assert Questions.fitting(DataSet(), 196) == Questions()


def test_names_the_address_that_is_silent():
    with pytest.raises(CommandError, match=r"http://127\.0\.0\.1:9/api.* gave no list"):
        check_site("http://127.0.0.1:9", print)
