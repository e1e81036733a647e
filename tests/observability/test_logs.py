"""One line per request, with an id and without anything about the person."""

import io
import json
import logging

import pytest
import structlog

from recommendations.observability.logs import logging_settings


def written(as_json: bool):
    """A handler that formats as the settings say, and what it has written."""
    options = dict(logging_settings(level="INFO", as_json=as_json)["formatters"]["lines"])
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(options.pop("()")(**options))
    return handler, stream


@pytest.fixture
def log(caplog):
    caplog.set_level("INFO")
    logging.getLogger("django").setLevel("INFO")
    handler, stream = written(as_json=True)
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)
    logging.getLogger("django").setLevel("WARNING")


def lines(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_request_is_one_line_with_its_id_and_its_route(client, log):
    response = client.get("/healthz?q=looking-for-this", headers={"User-Agent": "Somebody's browser"})
    (line,) = lines(log)
    assert line["event"] == "request_finished"
    assert (line["request"], line["code"], line["level"]) == ("GET healthz", 200, "info")
    assert line["request_id"] == response["X-Request-ID"]
    for personal in ("looking-for-this", "Somebody", "127.0.0.1"):
        assert personal not in log.getvalue()


def test_an_id_from_outside_is_not_taken_over(client, log):
    response = client.get("/healthz", headers={"X-Request-ID": "chosen\nby me"})
    assert response["X-Request-ID"] != "chosen\nby me"
    assert "chosen" not in log.getvalue()


def test_a_path_that_leads_nowhere_is_not_written(client, db, log):
    client.get("/reset/secret-token-in-the-path/")
    assert [line["request"] for line in lines(log)] == ["GET (no route)"]
    assert "secret-token" not in log.getvalue()


def test_lines_of_other_loggers_carry_the_request_id_and_no_secret(log):
    with structlog.contextvars.bound_contextvars(request_id="r-1", job_id=7):
        logging.getLogger("elsewhere").warning("cannot reach %s", "https://me:hunter22@cluster/")
    (line,) = lines(log)
    assert (line["request_id"], line["job_id"], line["logger"]) == ("r-1", 7, "elsewhere")
    assert "hunter22" not in line["event"]
    assert "cluster" in line["event"]


def test_words_about_secrets_stay(log):
    """The names of fields and models are settings too, and no secrets."""
    logging.getLogger("elsewhere").warning("the password is too short, says accounts.ApiToken")
    (line,) = lines(log)
    assert line["event"] == "the password is too short, says accounts.ApiToken"


def test_fields_with_secret_names_are_hidden(log):
    structlog.get_logger("elsewhere").info("signed in", password="hunter22", ip="10.1.2.3", rows=3)
    (line,) = lines(log)
    assert line["rows"] == 3
    assert "hunter22" not in log.getvalue()
    assert "10.1.2.3" not in log.getvalue()


def test_a_failure_comes_with_its_traceback_once(client, log, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("out of order, password=hunter22")

    monkeypatch.setattr("recommendations.api.health.readiness", broken)
    client.raise_request_exception = False
    assert client.get("/readyz").status_code == 500
    (line,) = lines(log)
    assert (line["event"], line["level"], line["request"]) == ("request_failed", "error", "GET readyz")
    assert "RuntimeError: out of order" in line["exception"]
    assert "hunter22" not in log.getvalue()


def test_the_demo_writes_for_people():
    handler, stream = written(as_json=False)
    logger = logging.getLogger("demo-lines")
    logger.addHandler(handler)
    logger.warning("Elasticsearch is away, token=abcdefghi")
    logger.removeHandler(handler)
    assert "Elasticsearch is away" in stream.getvalue()
    assert "abcdefghi" not in stream.getvalue()
    assert not stream.getvalue().startswith("{")
