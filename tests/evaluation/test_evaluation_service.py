"""Starting evaluations: arguments, the lock, and that nothing stays behind, whatever happens."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import Any

import pytest

from recommendations.evaluation.names import LeakError
from recommendations.search.index_lifecycle import create_indices, delete_indices, labels_begun
from recommendations.services import evaluation
from recommendations.services.evaluation import EvaluationError, label_prefix, run_evaluation
from recommendations.services.folders import evaluation_folder
from spark_jobs.data_files import DataError
from spark_jobs.submit import SparkJobError
from tests.sample_data import write_sample
from tests.search.indices import client_of, new_label

# Facts from elsewhere come from the database.
pytestmark = pytest.mark.django_db


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    settings.MOVIEREC_HOME = tmp_path / "home"
    return settings.MOVIEREC_HOME


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    return write_sample(tmp_path / "data")


@pytest.fixture
def memory() -> list[str]:
    return []


@pytest.fixture
def submitted(monkeypatch: pytest.MonkeyPatch, memory: list[str]) -> list[list[str]]:
    calls: list[list[str]] = []

    def submit(script: str, arguments: list[str], **options: Any) -> dict[str, Any]:
        assert script == "evaluate.py"
        calls.append(arguments)
        memory.append(options["driver_memory"])
        return {"event": "result", "settings": {"warm": {}}, "pairs_checked": {"warm": 3}}

    monkeypatch.setattr(evaluation, "submit", submit)
    return calls


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"protocols": ("lukewarm",)}, "lukewarm"),
        ({"protocols": ()}, "got none"),
        ({"engine": "abacus"}, "abacus"),
        ({"seeds": ()}, "at least one"),
        ({"seeds": (-1,)}, "Seeds are whole numbers"),
        ({"seeds": (1, 1)}, "once"),
        ({"k": 0}, "--k is 0"),
        ({"k": 100000}, "--k is 100000"),
    ],
)
def test_bad_arguments_are_named_before_anything_starts(home, sample, submitted, arguments, message):
    with pytest.raises(EvaluationError, match=message):
        run_evaluation(data_dir=sample, **arguments)
    assert submitted == []


def test_missing_data_are_named(home, tmp_path, submitted):
    with pytest.raises(DataError, match="does not exist"):
        run_evaluation(data_dir=tmp_path / "nowhere")
    assert submitted == []


def test_the_application_gets_what_was_asked_for(home, sample, submitted):
    outcome = run_evaluation(data_dir=sample, protocols=("warm",), seeds=(4, 5), k=7)
    text = " ".join(submitted[0])
    assert "--protocols warm --engine numpy --seeds 4 5 --k 7" in text
    assert f"--label {label_prefix()}" in text
    assert outcome["seeds"] == [4, 5]
    assert outcome["pairs_checked"] == {"warm": 3}
    assert not evaluation_folder().exists()


def test_small_data_get_a_small_heap(home, sample, submitted, memory, settings, monkeypatch):
    settings.SPARK_DRIVER_MEMORY = "5g"
    run_evaluation(data_dir=sample)
    monkeypatch.setattr(evaluation, "SMALL_RATINGS_BYTES", 10)
    run_evaluation(data_dir=sample)
    assert memory == ["1g", "5g"]


def test_two_homes_have_different_throw_away_indices(home, settings, tmp_path):
    first = label_prefix()
    settings.MOVIEREC_HOME = tmp_path / "other"
    assert label_prefix() != first


def test_a_leak_is_told(home, sample, monkeypatch):
    monkeypatch.setattr(evaluation, "submit", lambda *a, **k: {"leak": "warm: films were trained on"})
    with pytest.raises(LeakError, match="trained on"):
        run_evaluation(data_dir=sample)


def test_only_one_evaluation_per_home(home, sample, submitted):
    home.mkdir()
    with (home / "evaluation.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(EvaluationError, match="Another evaluation runs"):
            run_evaluation(data_dir=sample)
    assert submitted == []


@pytest.mark.elasticsearch
@pytest.mark.parametrize("error", [SparkJobError("it broke"), KeyboardInterrupt()])
def test_indices_of_an_application_that_was_ended_are_deleted(
    home, sample, settings, monkeypatch, elasticsearch_url, error
):
    settings.ELASTICSEARCH_URL = elasticsearch_url
    settings.ELASTICSEARCH_TIMEOUT_SECONDS = 20.0
    foreign, begun = new_label(), []
    with client_of(elasticsearch_url) as client:
        create_indices(client, foreign, 3)
        # Left behind by an evaluation that was killed with its parent.
        create_indices(client, f"{label_prefix()}old", 3)

        def submit(script: str, arguments: list[str], **options: Any) -> dict[str, Any]:
            create_indices(client, arguments[arguments.index("--label") + 1] + "-0", 3)
            begun.extend(label for label in labels_begun(client) if label.startswith(label_prefix()))
            raise error

        monkeypatch.setattr(evaluation, "submit", submit)
        with pytest.raises(type(error)):
            run_evaluation(data_dir=sample, engine="elasticsearch")
        assert len(begun) == 1
        assert f"{label_prefix()}old" not in begun
        left = labels_begun(client)
        assert foreign in left
        assert not [label for label in left if label.startswith(label_prefix())]
        delete_indices(client, [foreign])
    assert not evaluation_folder().exists()
