"""What each kind of job asks Spark to do; Spark itself is a stand-in that tells what it was asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from recommendations.models import Job, ModelVersion
from recommendations.search.connection import ElasticsearchNotRunningError
from recommendations.services import pipeline
from recommendations.services.jobs.parameters import check_parameters
from recommendations.services.jobs.work import data_folder, do_work
from recommendations.services.pipeline import Observer, PipelineError, make_fingerprint, only_run, work_folder
from spark_jobs.data_files import DataError
from spark_jobs.sources.digest import data_digest
from tests.sample_data import write_sample

pytestmark = pytest.mark.django_db
FIGURES = {"temporal": {"model": {"ndcg": 0.3}, "most popular": {"ndcg": 0.1}}}


@pytest.fixture
def data(settings, tmp_path) -> Path:
    settings.MOVIEREC_HOME = tmp_path / "home"
    settings.MOVIEREC_DATA = str(write_sample(tmp_path / "raw", people=5))
    settings.ELASTICSEARCH_URL = ""  # and no node runs in this home
    return Path(settings.MOVIEREC_DATA)


@pytest.fixture
def asked(monkeypatch) -> list[list[str]]:
    """The stages of each application, in their order."""
    applications: list[list[str]] = []

    def submit(script, arguments, **options):
        start = arguments.index("--stages") + 1
        end = next(
            (place for place in range(start, len(arguments)) if arguments[place].startswith("--")), None
        )
        applications.append(arguments[start:end])
        return {"ingest": {"ratings": 7}, "profiles": {}, "metrics": {"people": 5}, "evaluation": FIGURES}

    monkeypatch.setattr(pipeline, "submit", submit)
    monkeypatch.setattr(
        pipeline, "register_model", lambda **values: ModelVersion.objects.create(**values, fingerprint="x")
    )
    return applications


def run(kind: str, **parameters):
    return do_work(Job(kind=kind, parameters=check_parameters(kind, parameters)), Observer()).result


def test_a_stage_runs_what_it_needs_and_no_more(data, asked):
    assert run("ingest") == {"ratings": 7}
    run("profile")
    parsed = work_folder(data_digest(data)) / "parsed"
    parsed.mkdir(parents=True)
    run("profile")
    run("evaluate")
    run("train")
    (parsed.parent / "profiles").mkdir()
    run("train", weighting="any")
    assert asked == [
        ["ingest"],
        ["ingest", "profile"],
        ["profile"],
        ["evaluate"],
        ["profile", "train"],
        ["train"],
    ]


def test_only_publishing_needs_elasticsearch(data, asked):
    ModelVersion.objects.create(version="v1", data_digest=data_digest(data))
    work_folder(data_digest(data)).mkdir(parents=True)
    with pytest.raises(ElasticsearchNotRunningError):
        run("publish", version="v1")
    assert asked == []


def test_training_leaves_a_candidate_without_indices(data, asked):
    outcome = run("train")
    candidate = ModelVersion.objects.get(version=outcome["version"])
    assert (candidate.state, candidate.index_label) == ("candidate", "")


def test_an_evaluation_is_kept_with_the_versions_it_is_about(data, asked):
    fingerprint = make_fingerprint(data_digest(data), "likes")
    same = ModelVersion.objects.create(version="same", fingerprint=fingerprint, metrics={"people": 5})
    other = ModelVersion.objects.create(version="other", fingerprint="o")
    assert run("evaluate") == FIGURES
    same.refresh_from_db()
    other.refresh_from_db()
    assert same.metrics == {"people": 5, **FIGURES}
    assert other.metrics == {}


def test_the_tables_of_a_version_must_be_there_for_its_indices(data, asked):
    ModelVersion.objects.create(version="v1", data_digest="d" * 64)
    with pytest.raises(PipelineError, match="The tables of v1 are gone"):
        run("publish", version="v1")
    with pytest.raises(PipelineError, match="There is no model yet"):
        run("publish")
    assert asked == []


def test_a_run_by_hand_holds_the_same_lock(data, asked):
    with only_run(), pytest.raises(PipelineError, match="Another pipeline run works in"):
        run("ingest")
    assert asked == []


def test_data_that_is_not_there_is_named(data, settings):
    settings.MOVIEREC_DATA = str(data / "nowhere")
    with pytest.raises(DataError, match="nowhere does not exist"):
        run("ingest")


def test_the_data_comes_with_the_sites_ratings_only_if_they_are_wanted(data, monkeypatch):
    monkeypatch.setattr(
        "recommendations.services.jobs.work.export_site_ratings", lambda *, data_dir: data_dir / "exported"
    )
    assert data_folder(with_site_ratings=False) == data
    assert data_folder(with_site_ratings=True) == data / "exported"
