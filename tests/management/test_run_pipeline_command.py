"""What ``run_pipeline`` hands on; the run itself is in ``tests/services/test_pipeline.py``."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from recommendations import localnode
from recommendations.search import client
from recommendations.services import pipeline
from recommendations.services.pipeline import PipelineResult
from tests.sample_data import write_sample


class HandedOnError(Exception):
    """Ends the run where Spark would begin."""


@pytest.mark.django_db
@pytest.mark.parametrize(("given", "handed_on"), [([], None), (["--max-bad-share", "0.2"], "0.2")])
def test_the_share_of_bad_lines_reaches_spark(tmp_path, monkeypatch, settings, given, handed_on):
    settings.MOVIEREC_HOME, settings.ELASTICSEARCH_URL = tmp_path / "home", "http://127.0.0.1:9"
    extra: list[str] = []

    def spark(**options):
        extra.extend(options["extra"])
        raise HandedOnError

    monkeypatch.setattr(pipeline, "run_spark", spark)
    monkeypatch.setattr(pipeline, "clear_leftovers", lambda: None)
    with pytest.raises(HandedOnError):
        call_command("run_pipeline", "--data", str(write_sample(tmp_path / "raw")), *given)
    told = dict(zip(extra[::2], extra[1::2], strict=True))
    assert told.get("--max-bad-share") == handed_on


@pytest.mark.django_db
@pytest.mark.elasticsearch
@pytest.mark.parametrize("as_json", [False, True])
def test_the_local_node_is_started_if_none_is_named_and_runs_on(tmp_path, monkeypatch, settings, as_json):
    home = settings.MOVIEREC_HOME = tmp_path / "home"
    settings.ELASTICSEARCH_URL = ""
    told: list[str] = []

    def run(**options):
        told.append(client.elasticsearch_url())
        return PipelineResult("v1", trained=False, published=False, details={})

    monkeypatch.setattr("recommendations.management.commands.run_pipeline.run_pipeline", run)
    given = ["run_pipeline", "--data", str(write_sample(tmp_path / "raw")), *(["--json"] if as_json else [])]
    try:
        call_command(*given, stdout=(first := StringIO()))
        running = localnode.running_node(home)
        assert told == [running.url]
        if as_json:
            event, result = map(json.loads, first.getvalue().splitlines())
            assert event == {"event": "elasticsearch_started", "url": running.url}
            assert result["event"] == "result"
        else:
            assert f"Elasticsearch runs at {running.url} and goes on running" in first.getvalue()
            assert "elasticsearch stop" in first.getvalue()
        call_command(*given, stdout=(second := StringIO()))
        assert running.url not in second.getvalue()
        assert localnode.running_node(home).pid == running.pid
    finally:
        localnode.remove(home)


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["run_pipeline", "rebuild_indices"])
def test_a_cluster_that_is_named_is_used_and_nothing_is_started(tmp_path, settings, command):
    settings.MOVIEREC_HOME, settings.ELASTICSEARCH_URL = tmp_path / "home", "http://127.0.0.1:9"
    data = ["--data", str(write_sample(tmp_path / "raw"))] if command == "run_pipeline" else []
    with pytest.raises(CommandError) as refused:
        call_command(command, *data, stdout=StringIO())
    assert refused.value.returncode == 2
    assert localnode.running_node(settings.MOVIEREC_HOME) is None
    assert not (settings.MOVIEREC_HOME / "elasticsearch").exists()


def test_data_that_cannot_be_read_start_no_node(tmp_path, settings, db):
    settings.MOVIEREC_HOME, settings.ELASTICSEARCH_URL = tmp_path / "home", ""
    with pytest.raises(CommandError, match="does not exist"):
        call_command("run_pipeline", "--data", str(tmp_path / "nowhere"), stdout=StringIO())
    assert not (settings.MOVIEREC_HOME / "elasticsearch").exists()


@pytest.mark.parametrize("share", ["2", "-0.1", "nan", "much"])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(CommandError, match="is not a number from 0 to 1"):
        call_command("run_pipeline", "--max-bad-share", share)


@pytest.mark.parametrize(
    ("given", "version", "live", "sentence"),
    [
        ([], "", True, "The indices of v1 are rebuilt and live."),
        (["--model", "v2"], "v2", False, "The indices of v2 are rebuilt; it can be promoted now."),
    ],
)
def test_the_indices_of_any_version_can_be_rebuilt(monkeypatch, settings, given, version, live, sentence):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    asked: list[str] = []

    def publish(*, version, observer):
        asked.append(version)
        return {"version": version or "v1", "live": live}

    monkeypatch.setattr("recommendations.management.commands.rebuild_indices.publish_version", publish)
    call_command("rebuild_indices", *given, stdout=(told := StringIO()))
    assert asked == [version]
    assert told.getvalue().strip() == sentence
    call_command("rebuild_indices", *given, "--json", stdout=(told := StringIO()))
    assert json.loads(told.getvalue())["live"] is live
