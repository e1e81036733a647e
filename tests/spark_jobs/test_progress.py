"""Events of a job: what is written, and how they are told from Spark's own output."""

import io
import json
from datetime import datetime

import pytest

from spark_jobs.progress import PREFIX, NullProgress, Progress, parse_event


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def events(stream: io.StringIO) -> list[dict]:
    found = [parse_event(line) for line in stream.getvalue().splitlines()]
    assert None not in found
    return found  # type: ignore[return-value]


def test_a_stage_begins_at_zero_and_tells_the_remaining_time():
    stream, clock = io.StringIO(), Clock()
    progress = Progress(stream, clock=clock)
    progress.stage("ingest")
    clock.now += 10
    progress.update(percent=25, rows=500, detail="lines parsed")
    first, second = events(stream)
    assert (first["event"], first["stage"], first["percent"], first["eta_seconds"]) == (
        "progress",
        "ingest",
        0.0,
        None,
    )
    assert (second["percent"], second["rows"], second["detail"]) == (25.0, 500, "lines parsed")
    # 10 s for a quarter: 30 s for the rest.
    assert second["eta_seconds"] == 30.0


def test_every_stage_has_its_own_clock():
    stream, clock = io.StringIO(), Clock()
    progress = Progress(stream, clock=clock)
    progress.stage("ingest")
    clock.now += 1000
    progress.stage("profiles")
    clock.now += 2
    progress.update(percent=50)
    assert events(stream)[-1]["eta_seconds"] == 2.0


@pytest.mark.parametrize(("given", "told"), [(-5, 0.0), (100.4, 100.0), (None, None)])
def test_percent_stays_between_0_and_100(given, told):
    stream = io.StringIO()
    Progress(stream).update(percent=given)
    assert events(stream)[0]["percent"] == told


def test_results_and_errors_carry_their_values_and_a_time_in_utc():
    stream = io.StringIO()
    progress = Progress(stream)
    progress.stage("train")
    progress.result(version="v1", metrics={"rmse": 1.5})
    progress.error("u.data is missing: Été")
    _, result, error = events(stream)
    assert (result["event"], result["version"], result["metrics"]) == ("result", "v1", {"rmse": 1.5})
    assert (error["event"], error["message"]) == ("error", "u.data is missing: Été")
    assert datetime.fromisoformat(error["at"]).utcoffset().total_seconds() == 0


def test_each_event_is_one_line_and_written_at_once():
    class Flushed(io.StringIO):
        flushes = 0

        def flush(self) -> None:
            self.flushes += 1

    stream = Flushed()
    Progress(stream).error("two\nlines")
    assert stream.getvalue().count("\n") == 1
    assert stream.flushes == 1


@pytest.mark.parametrize(
    "line",
    [
        "",
        "WARNING: Using incubator modules: jdk.incubator.vector",
        '{"event": "progress"}',
        PREFIX + '{"event": "progr',
        PREFIX + "[1, 2]",
        PREFIX + '{"percent": 3}',
    ],
)
def test_anything_else_is_no_event(line):
    assert parse_event(line) is None


def test_an_event_behind_stray_output_of_spark_is_found():
    line = "[Stage 3:====>   (1 + 1) / 4]" + PREFIX + json.dumps({"event": "result", "rows": 3})
    assert parse_event(line) == {"event": "result", "rows": 3}


def test_the_silent_one_takes_the_same_calls(capfd):
    progress = NullProgress()
    progress.stage("ingest")
    progress.update(percent=1, rows=2, detail="x")
    progress.result(a=1)
    progress.error("b")
    assert capfd.readouterr() == ("", "")
