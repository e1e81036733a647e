"""``manage.py evaluate``: what it prints, writes and returns."""

from __future__ import annotations

import json
import os
import signal
import time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from recommendations.evaluation.names import PROTOCOLS, LeakError
from recommendations.management.commands import evaluate as command
from recommendations.services.evaluation import EvaluationError
from spark_jobs.submit import SparkJobError
from tests.evaluation.outcomes import outcome, setting
from tests.sample_data import write_sample


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Stand-in for the measuring itself; holds what it was asked for."""
    calls: list[dict[str, Any]] = []

    def run(*, notify: Any, **arguments: Any) -> dict[str, Any]:
        calls.append(arguments)
        notify({"event": "progress", "stage": "evaluate", "percent": 50.0, "detail": "warm, seed 1"})
        return outcome(warm=setting(1.9, model=0.47, like_share=0.24))

    monkeypatch.setattr(command, "run_evaluation", run)
    monkeypatch.setattr(command, "fetch_movielens", lambda **options: Path("movielens"))
    return calls


@pytest.fixture(autouse=True)
def prepared(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands that came before the measuring."""
    calls: list[str] = []
    monkeypatch.setattr(command, "call_command", lambda name, **_options: calls.append(name))
    return calls


def test_a_home_that_nothing_has_run_in_gets_its_tables(measured, prepared):
    run()
    assert prepared == ["migrate"]


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("evaluate", *arguments, stdout=out)
    return out.getvalue()


def test_defaults_are_all_protocols_and_three_seeds(measured):
    run()
    assert measured[0]["protocols"] == PROTOCOLS
    assert measured[0]["seeds"] == [1, 2, 3]
    assert (measured[0]["engine"], measured[0]["k"]) == ("numpy", 10)
    assert measured[0]["data_dir"] == Path("movielens")


def test_arguments_arrive(measured, tmp_path):
    run(
        "--protocol",
        "cold",
        "warm",
        "--seed",
        "0",
        "--engine",
        "elasticsearch",
        "--k",
        "5",
        "--data",
        str(tmp_path),
    )
    assert measured[0] == {
        "data_dir": tmp_path,
        "protocols": ("cold", "warm"),
        "engine": "elasticsearch",
        "seeds": [0],
        "k": 5,
    }
    run("--protocol", "all", "--seeds", "7", "8")
    assert measured[1]["protocols"] == PROTOCOLS
    assert measured[1]["seeds"] == [7, 8]


def test_the_table_shows_figures_groups_and_the_leak_check(measured):
    text = run()
    for part in ("warm: 40 people", "model", "0.4700 ± 0.0000", "like share", "men", "Leak check", "1.900"):
        assert part in text


def test_json_lines_end_with_the_outcome(measured):
    lines = [json.loads(line) for line in run("--json").splitlines()]
    assert [line["event"] for line in lines] == ["progress", "result"]
    assert lines[-1]["settings"]["warm"]["systems"]["model"]["ndcg"]["mean"] == 0.47
    assert lines[-1]["missed"] == ["warm: nDCG 0.4700 is below 0.490."]


def test_the_report_is_written(measured, tmp_path):
    file = tmp_path / "report.html"
    assert str(file) in run("--report", str(file))
    assert "0.4700" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["missing/report.html", "folder"])
def test_a_report_that_cannot_be_written_is_named(measured, tmp_path, name):
    (tmp_path / "folder").mkdir()
    with pytest.raises(CommandError, match=name) as caught:
        run("--report", str(tmp_path / name))
    assert caught.value.returncode == 2
    # An hour of measuring first would be unkind.
    assert measured == []


def test_check_fails_where_a_number_is_missed(measured):
    with pytest.raises(CommandError, match=r"below 0\.490") as caught:
        run("--check")
    assert caught.value.returncode == 1


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (EvaluationError("--k is 0; expected 1 to 1000."), 2),
        (SparkJobError("The Spark application was ended by signal 9 without a result."), 2),
        (LeakError("warm: films of person 3 to be guessed were trained on"), 1),
    ],
)
def test_failures_are_one_sentence_and_a_code(measured, monkeypatch, error, code):
    def fail(**arguments: Any) -> None:
        raise error

    monkeypatch.setattr(command, "run_evaluation", fail)
    with pytest.raises(CommandError) as caught:
        run()
    assert caught.value.returncode == code
    assert str(error).rstrip(".") in str(caught.value)
    assert "\n" not in str(caught.value)


def test_sigterm_unwinds_and_leaves_the_handler_as_it_was(measured, monkeypatch):
    before, cleaned_up = signal.getsignal(signal.SIGTERM), []

    def ended(**arguments: Any) -> None:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(5)
        finally:
            cleaned_up.append(True)

    monkeypatch.setattr(command, "run_evaluation", ended)
    with pytest.raises(SystemExit) as caught:
        run()
    assert caught.value.code == 143
    assert cleaned_up == [True]
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.spark
@pytest.mark.django_db
def test_the_command_measures_the_sample_for_real(tmp_path, settings):
    settings.MOVIEREC_HOME = tmp_path / "home"
    settings.SPARK_MASTER, settings.SPARK_DRIVER_MEMORY = "local[2]", "1g"
    data = write_sample(tmp_path / "data")
    lines = run(
        "--protocol", "temporal", "--seed", "3", "--k", "5", "--json", "--data", str(data)
    ).splitlines()
    result = json.loads(lines[-1])
    model = result["settings"]["temporal"]["systems"]["model"]
    assert 0 < model["ndcg"]["mean"] <= 1
    assert result["k"] == 5
    left = sorted(path.name for path in settings.MOVIEREC_HOME.iterdir())
    assert left == ["evaluation.lock", "logs", "work"]
    assert not list((settings.MOVIEREC_HOME / "work").iterdir())
