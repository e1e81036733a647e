"""The whole way of the data on a small made-up MovieLens: real Spark, real Elasticsearch, real kills."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
from pathlib import Path
from typing import Any

import pytest

from recommendations.models import ModelVersion, Movie, PromotionEvent
from recommendations.search.client import get_client
from recommendations.search.connection import SearchError
from recommendations.search.index_lifecycle import (
    IndexNames,
    labels_begun,
    labels_present,
    live_indices,
)
from recommendations.selectors.lists.champion import current_champion
from recommendations.selectors.lists.person import Person
from recommendations.selectors.lists.recommendations import recommendations_for
from recommendations.selectors.lists.world import look_at
from recommendations.services import pipeline
from recommendations.services.pipeline import Observer, PipelineError, publish_version, run_pipeline
from recommendations.services.registry.publishing import (
    PromotionError,
    model_folder,
    roll_back,
)
from spark_jobs.data_files import DataError
from spark_jobs.submit import SparkJobError
from tests.search.indices import new_label
from tests.trained_home import TrainedHome

pytestmark = [pytest.mark.spark, pytest.mark.elasticsearch]


def champion() -> ModelVersion:
    return ModelVersion.objects.get(state="champion")


def live_label() -> str:
    """The label that both aliases point at."""
    (label,) = {index.partition("-")[2] for index in live_indices(get_client()).values()}
    return label


def no_spark(*args: Any, **kwargs: Any) -> dict[str, Any]:
    raise AssertionError("Spark was started")


class TestAfterTheFirstRun:
    def test_everything_is_published(self, trained: TrainedHome):
        model = champion()
        assert trained.result.trained
        assert trained.result.published
        assert (model.version, model.index_label) == (trained.result.version, trained.result.version)
        assert live_label() == model.index_label
        names = IndexNames.of(model.index_label)
        assert get_client().count(index=names.movies)["count"] == 80 == Movie.objects.count()
        assert get_client().count(index=names.user_profiles)["count"] == 60
        assert model.metrics["forest"]["baseline_rmse"] > 0
        assert PromotionEvent.objects.get().version == model

    def test_every_stage_was_told_from_beginning_to_end(self, trained: TrainedHome):
        stages: dict[str, list[float]] = {}
        for event in trained.events:
            stages.setdefault(event["stage"], []).append(event["percent"])
        assert list(stages) == ["ingest", "profiles", "train", "publish", "evaluate", "promote"]
        for stage, percents in stages.items():
            assert percents == sorted(percents), stage
            assert (percents[0], percents[-1]) == (0, 100), stage

    def test_nothing_is_left_of_the_way(self, trained: TrainedHome):
        assert [path.name for path in (trained.home / "models").iterdir()] == [trained.result.version]
        assert not [path for path in trained.home.rglob("*") if "staging" in path.name]

    def test_a_second_run_does_nothing(self, trained: TrainedHome, monkeypatch):
        monkeypatch.setattr(pipeline, "submit", no_spark)
        result = run_pipeline(data_dir=trained.data)
        assert (result.version, result.trained, result.published) == (trained.result.version, False, False)

    @pytest.mark.parametrize("change", ["data", "weighting", "program", "force", "damaged model"])
    def test_a_change_trains_anew(
        self, trained: TrainedHome, other_data, tmp_path, settings, monkeypatch, change
    ):
        asked: list[list[str]] = []

        def spark_that_fails(script: str, arguments: list[str], **options: Any) -> dict[str, Any]:
            asked.append(arguments)
            raise SparkJobError("stop here")

        monkeypatch.setattr(pipeline, "submit", spark_that_fails)
        if change == "program":
            program = tmp_path / "program"
            shutil.copytree(settings.BASE_DIR, program)
            (program / "recommendations" / "ranking" / "fold_in.py").write_text("# another program")
            settings.BASE_DIR = program
        if change == "damaged model":
            ModelVersion.objects.update(artefact_digest="0" * 64)
        with pytest.raises(SparkJobError, match="stop here"):
            run_pipeline(
                data_dir=other_data if change == "data" else trained.data,
                weighting="any" if change == "weighting" else "likes",
                force=change == "force",
            )
        (arguments,) = asked
        assert "train" in arguments
        assert champion().version == trained.result.version == live_label()

    def test_two_runs_at_once_are_refused(self, trained: TrainedHome, monkeypatch):
        monkeypatch.setattr(pipeline, "submit", no_spark)
        with (trained.home / "pipeline.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            with pytest.raises(PipelineError, match="Another pipeline run works in"):
                run_pipeline(data_dir=trained.data, force=True)
            with pytest.raises(PipelineError, match="Another pipeline run works in"):
                publish_version()
        assert not run_pipeline(data_dir=trained.data).trained  # free again

    @pytest.mark.parametrize("name", ["u.data", "u.item", "u.user"])
    def test_a_missing_or_truncated_file_is_one_clear_sentence(self, trained: TrainedHome, other_data, name):
        content = (other_data / name).read_bytes()
        (other_data / name).write_bytes(content[:-12])
        with pytest.raises(DataError, match=f"{name} is cut off in the middle of its last line"):
            run_pipeline(data_dir=other_data)
        (other_data / name).unlink()
        with pytest.raises(DataError, match=f"{name} is missing"):
            run_pipeline(data_dir=other_data)
        assert champion().version == trained.result.version


def test_too_many_bad_lines_are_one_clear_sentence(trained: TrainedHome, other_data):
    """The refusal comes from inside of the Spark application."""
    path = other_data / "u.data"
    path.write_bytes(path.read_bytes().replace(b"\t5\t", b"\tfive\t"))
    with pytest.raises(
        SparkJobError, match=r"u\.data: \d+ of \d+ lines .* are malformed.*allow a larger share"
    ) as bad:
        run_pipeline(data_dir=other_data)
    assert "--max-bad-share" in str(bad.value)
    assert "\n" not in str(bad.value)
    assert champion().version == trained.result.version == live_label()


def spark_group(home: Path) -> int:
    """The process group of the Spark application that this process has started for this home."""
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            command = (entry / "cmdline").read_bytes().decode(errors="replace")
        except (OSError, ValueError):
            continue
        if parent == os.getpid() and str(home) in command:
            return os.getpgid(int(entry.name))
    raise AssertionError("there is no Spark application")


def run_killed_at(trained: TrainedHome, data: Path, stage: str) -> None:
    """Run the pipeline and kill the whole Spark application in the middle of a stage."""

    def kill(event: dict[str, Any]) -> None:
        middle = event.get("detail") == "ALS" if stage == "train" else (event.get("percent") or 0) >= 40
        if event["stage"] == stage and middle:
            os.killpg(spark_group(trained.home), signal.SIGKILL)

    with pytest.raises(SparkJobError, match="ended by signal 9 without a result"):
        run_pipeline(data_dir=data, observer=Observer(kill))


@pytest.mark.parametrize(
    "stage",
    [pytest.param(stage, marks=pytest.mark.long) for stage in ("ingest", "profiles")] + ["train"],
)
def test_a_killed_run_leaves_everything_as_it_was(trained: TrainedHome, other_data, stage):
    before = Movie.objects.values_list("movielens_id", "mean_stars", "title")
    as_it_was = (champion().version, live_label(), set(before))
    run_killed_at(trained, other_data, stage)
    assert (champion().version, live_label(), set(before.all())) == as_it_was
    assert ModelVersion.objects.count() == 1
    person = Person(movielens_user=3)
    assert len(recommendations_for(look_at(person), k=10).items) == 10
    assert current_champion().artefact.version == trained.result.version


def test_killed_while_publishing_then_run_rebuilt_and_rolled_back(trained: TrainedHome, other_data):
    first = trained.result.version
    list_before = [item.movie_id for item in recommendations_for(look_at(Person(movielens_user=3))).items]

    run_killed_at(trained, other_data, "publish")
    begun = labels_begun(get_client()) - {first}
    assert begun  # half-built indices are there, and nobody looks at them
    assert (champion().version, live_label()) == (first, first)

    # The killed run read other data: the champion's indices must not be rebuilt from those.
    rebuilt = publish_version()
    assert (rebuilt["version"], rebuilt["live"]) == (first, True)
    label = champion().index_label
    assert label.startswith(f"{first}-")
    assert live_label() == label
    again = [item.movie_id for item in recommendations_for(look_at(Person(movielens_user=3))).items]
    assert again == list_before
    assert not begun & labels_begun(get_client())  # the leftovers are gone
    with pytest.raises(PromotionError, match="no earlier version"):
        roll_back(by=None, reason="there is only one version")

    # The next run succeeds and keeps the previous version.
    result = run_pipeline(data_dir=other_data)
    assert result.trained
    assert champion().version == result.version != first
    assert live_label() == result.version
    assert champion().parent.version == first
    assert ModelVersion.objects.get(version=first).state == "retired"
    assert label in labels_present(get_client())
    assert current_champion().version == result.version

    event = roll_back(by=None, reason="worse")
    assert (event.version.version, event.previous.version) == (first, result.version)
    assert (champion().version, live_label()) == (first, label)
    back = [item.movie_id for item in recommendations_for(look_at(Person(movielens_user=3))).items]
    assert back == list_before


class TestBrokenParts:
    def test_missing_indices_are_rebuilt_without_training(self, trained: TrainedHome, monkeypatch):
        ModelVersion.objects.update(index_label="gone")
        asked: list[list[str]] = []

        def spark_that_fails(script: str, arguments: list[str], **options: Any) -> dict[str, Any]:
            asked.append(arguments)
            raise SparkJobError("stop here")

        monkeypatch.setattr(pipeline, "submit", spark_that_fails)
        with pytest.raises(SparkJobError):
            run_pipeline(data_dir=trained.data)
        (arguments,) = asked
        stages = arguments[arguments.index("--stages") + 1 :]
        assert stages[:1] == ["publish"]
        assert "train" not in arguments

    def test_without_its_tables_a_rebuild_says_what_to_do(self, trained: TrainedHome, monkeypatch):
        monkeypatch.setattr(pipeline, "submit", no_spark)
        ModelVersion.objects.update(data_digest="f" * 64)
        with pytest.raises(PipelineError, match="tables of .* are gone; train anew with"):
            publish_version()

    def test_nothing_to_rebuild_says_what_to_do(self, trained: TrainedHome):
        ModelVersion.objects.update(state="retired")
        with pytest.raises(PipelineError, match="no model yet"):
            publish_version()

    def test_elasticsearch_away_is_one_clear_sentence(self, trained: TrainedHome, settings):
        settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
        with pytest.raises(SearchError, match="Elasticsearch failed in"):
            run_pipeline(data_dir=trained.data)

    @pytest.mark.parametrize("obstacle", ["concrete index", "foreign alias", "read-only", "disk"])
    def test_what_would_end_publishing_is_named_before_training(
        self, trained: TrainedHome, other_data, monkeypatch, obstacle
    ):
        """``concrete-index.sh``, an alias that somebody else uses, and a disk that is almost full."""
        monkeypatch.setattr(pipeline, "submit", no_spark)
        client, block = get_client(), {"index.blocks.read_only_allow_delete": True}
        if obstacle == "concrete index":
            client.indices.delete_alias(index="*", name="movies")
            client.indices.create(index="movies")
            sentence = "An index is called movies already"
        elif obstacle == "foreign alias":
            client.indices.create(index="films", aliases={"movies": {}})
            sentence = "The alias movies points at films, which this site has not made"
        elif obstacle == "read-only":
            client.indices.put_settings(index="movies", settings=block)
            sentence = "These indices are read-only: movies-"
        else:
            monkeypatch.setattr("recommendations.search.obstacles.LEAST_BYTES", 10**18)
            sentence = "new indices need 1000000000000 MB"
        try:
            with pytest.raises(SearchError, match=sentence):
                run_pipeline(data_dir=other_data)
        finally:
            if obstacle == "read-only":
                client.indices.put_settings(index="movies", settings=dict.fromkeys(block))
            client.indices.delete(index=["films"], ignore_unavailable=True)
            if obstacle == "concrete index":
                client.indices.delete(index="movies")
        assert champion().version == trained.result.version

    def test_aliases_over_two_indices_are_set_right(self, trained: TrainedHome, monkeypatch):
        monkeypatch.setattr(pipeline, "submit", no_spark)
        client, other = get_client(), f"movies-{new_label()}"
        client.indices.create(index=other, aliases={"movies": {}})
        try:
            assert len(client.indices.get_alias(name="movies")) == 2
            assert not run_pipeline(data_dir=trained.data).published
            assert set(client.indices.get_alias(name="movies")) == {f"movies-{trained.result.version}"}
            client.indices.delete_alias(index="*", name="user_profiles")
            run_pipeline(data_dir=trained.data)
            assert set(client.indices.get_alias(name="user_profiles")) == {
                f"user_profiles-{trained.result.version}"
            }
        finally:
            client.indices.delete(index=other)

    def test_model_files_are_gone(self, trained: TrainedHome, settings, tmp_path):
        """A home that has lost its models trains anew instead of saying that nothing has changed."""
        shutil.copytree(trained.home / "work", tmp_path / "home" / "work")
        settings.MOVIEREC_HOME = tmp_path / "home"
        assert not model_folder(champion()).exists()
        assert not pipeline.is_intact(champion())
