"""What a run does with a version that the gate refuses: it stays a candidate, can be promoted, and is not trained again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from recommendations.models import ModelVersion
from recommendations.ranking.storage import load_artefact, save_artefact
from recommendations.search.client import get_client
from recommendations.search.index_lifecycle import delete_indices, labels_present
from recommendations.services import pipeline
from recommendations.services.pipeline import run_pipeline
from recommendations.services.registry.publishing import PromotionError, promote_by_hand, roll_back
from tests.ranking.factories import PREDICTOR
from tests.search.indices import build_indices
from tests.services.test_pipeline import champion, live_label
from tests.trained_home import TrainedHome

pytestmark = [pytest.mark.spark, pytest.mark.elasticsearch]


class TestTheGate:
    """What a run does with a version that is no good; Spark's part is played, the rest is real."""

    @pytest.fixture
    def poor_spark(self, trained: TrainedHome, monkeypatch) -> Iterator[list[str]]:
        """Spark that delivers the first version's model and indices again, with poor figures."""
        runs: list[str] = []
        rebuilt: list[str] = []

        def spark(script: str, arguments: list[str], **options: Any) -> dict[str, Any]:
            given = dict(zip(arguments[::2], arguments[1::2], strict=False))
            version = given["--version"]
            if "train" not in arguments:
                artefact, people = load_artefact(trained.home / "models" / version)
                build_indices(get_client(), given["--label"], artefact, people)
                rebuilt.append(given["--label"])
                return {}
            fingerprint = given["--fingerprint"]
            runs.append(version)
            folder = trained.home / "models" / version
            artefact, people = load_artefact(trained.home / "models" / trained.result.version)
            facts = {"fingerprint": fingerprint, "data_digest": "d" * 64, "metrics": {"people": 943}}
            save_artefact(artefact, people, PREDICTOR, folder, facts)
            build_indices(get_client(), version, artefact, people)
            return {"evaluation": {"temporal": {"model": {"ndcg": 0.1}, "popularity": {"ndcg": 0.2}}}}

        monkeypatch.setattr(pipeline, "submit", spark)
        yield runs
        for version in runs:
            shutil.rmtree(trained.home / "models" / version, ignore_errors=True)
        delete_indices(get_client(), [*runs, *rebuilt])

    def test_a_refused_version_stays_a_candidate_and_is_not_trained_again(
        self, trained: TrainedHome, other_data, poor_spark
    ):
        result = run_pipeline(data_dir=other_data)
        assert (result.trained, result.promoted) == (True, False)
        assert "the most popular films" in result.reason
        assert champion().version == live_label() == trained.result.version
        assert ModelVersion.objects.get(version=result.version).state == "candidate"
        again = run_pipeline(data_dir=other_data)
        assert (again.version, again.trained, again.promoted) == (result.version, False, False)
        assert again.reason == result.reason
        assert poor_spark == [result.version]

    @pytest.mark.parametrize("asked_for", ["the champion's data", "its own data"])
    def test_a_refused_version_that_has_lost_its_indices_can_be_promoted_again(
        self, trained: TrainedHome, other_data, poor_spark, asked_for
    ):
        """As after the loss of Elasticsearch's data, of which only the champion's indices were made again."""
        refused = ModelVersion.objects.get(version=run_pipeline(data_dir=other_data).version)
        refused.data_digest = champion().data_digest  # the play has made no tables of its own
        refused.save()
        delete_indices(get_client(), [refused.index_label])
        with pytest.raises(PromotionError, match="has no indices"):
            promote_by_hand(version=refused, by=None, reason="try", override=True)
        own = asked_for == "its own data"
        result = run_pipeline(data_dir=other_data if own else trained.data)
        assert (result.trained, result.published, result.rebuilt) == (False, False, (refused.version,))
        refused.refresh_from_db()
        assert refused.index_label in labels_present(get_client())
        assert live_label() == trained.result.version
        assert promote_by_hand(version=refused, by=None, reason="try", override=True).overridden
        assert live_label() == refused.index_label
        assert run_pipeline(data_dir=other_data).rebuilt == ()
        assert roll_back(by=None, reason="tried").version.version == trained.result.version

    def test_a_version_that_was_rolled_back_is_not_trained_again(
        self, trained: TrainedHome, other_data, poor_spark
    ):
        result = run_pipeline(data_dir=other_data)
        promote_by_hand(
            version=ModelVersion.objects.get(version=result.version), by=None, reason="try", override=True
        )
        assert champion().version == live_label() == result.version
        roll_back(by=None, reason="people complained")
        again = run_pipeline(data_dir=other_data)
        assert (again.version, again.trained, again.promoted) == (result.version, False, False)
        assert "people complained" in again.reason
        assert poor_spark == [result.version]
        assert champion().version == live_label() == trained.result.version
