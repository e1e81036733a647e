"""The promotion gate on figures alone."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from recommendations.models import ModelVersion
from recommendations.services.registry.gate import judge_version, verdict_of

pytestmark = pytest.mark.django_db


def version(name: str = "new", *, state: str = "candidate", people: int = 943, **ndcg: float) -> ModelVersion:
    """A row whose evaluation has these figures: ``temporal=…``, ``temporal_popularity=…``."""
    metrics: dict[str, Any] = {"people": people}
    for key, figure in ndcg.items():
        protocol, _, system = key.partition("_")
        metrics.setdefault(protocol, {})[system or "model"] = {"ndcg": figure}
    return ModelVersion.objects.create(version=name, state=state, metrics=metrics)


def codes(row: ModelVersion) -> list[str]:
    return [finding.code for finding in judge_version(row).findings]


def test_the_first_version_must_beat_popularity():
    assert judge_version(version("good", temporal=0.2, temporal_popularity=0.1)).outcome == "passed"
    assert codes(version("same", temporal=0.1, temporal_popularity=0.1)) == ["below_popularity"]


@pytest.mark.parametrize(("ndcg", "outcome"), [(0.2, "passed"), (0.195, "passed"), (0.193, "refused")])
def test_at_most_the_margin_may_be_lost_to_the_champion(ndcg, outcome):
    version("old", state="champion", temporal=0.2, temporal_popularity=0.1)
    assert judge_version(version(temporal=ndcg, temporal_popularity=0.1)).outcome == outcome


def test_the_margin_and_the_protocols_are_settings(settings):
    settings.PROMOTION_PROTOCOLS = ["temporal", "cold"]
    version("old", state="champion", temporal=0.2, temporal_popularity=0.1, cold=0.4, cold_popularity=0.3)
    row = version(temporal=0.2, temporal_popularity=0.1, cold=0.35, cold_popularity=0.3)
    assert codes(row) == ["below_champion"]
    settings.PROMOTION_MARGIN = 0.2
    assert codes(row) == []


def test_an_unmeasured_version_is_not_promoted_by_itself():
    assert judge_version(version(temporal=0.2)).refused
    assert codes(version("none")) == ["unmeasured"]


def test_too_few_people_say_nothing():
    row = version(people=60, temporal=0.1, temporal_popularity=0.2)
    verdict = judge_version(row)
    assert (verdict.outcome, verdict.refused) == ("unjudged", False)
    assert "60 people; with fewer than 200" in verdict.sentences()[0]


def test_a_verdict_is_kept_and_told_in_both_languages():
    version("old", state="champion", temporal=0.2, temporal_popularity=0.1)
    row = version(temporal=0.05, temporal_popularity=0.1)
    assert verdict_of(row) is None
    row.gate = judge_version(row).as_dict()
    row.save()
    verdict = verdict_of(ModelVersion.objects.get(pk=row.pk))
    assert verdict == judge_version(row)
    assert verdict.sentences()[1] == (
        "On the protocol temporal it reaches nDCG 0.0500, the champion old 0.2000; at most 3.0 % less is allowed."
    )
    with translation.override("fr"):
        assert "0,0500" in verdict.sentences()[1]


def with_figures(row: ModelVersion, **figures: Any) -> ModelVersion:
    row.metrics = {**row.metrics, **figures}
    row.save()
    return row


def test_predicted_stars_must_be_better_than_biases_and_no_worse_than_the_champions():
    version("old", state="champion", temporal=0.2, temporal_popularity=0.1)
    row = version(temporal=0.2, temporal_popularity=0.1)
    assert codes(with_figures(row, stars={"model": {"rmse": 0.91}, "biases": {"rmse": 0.94}})) == []
    poor = with_figures(row, stars={"model": {"rmse": 0.95}, "biases": {"rmse": 0.94}})
    assert codes(poor) == ["stars_no_better_than_biases"]
    with_figures(ModelVersion.objects.get(version="old"), stars={"model": {"rmse": 0.90}})
    assert codes(poor) == ["stars_no_better_than_biases", "stars_worse_than_champion"]
    assert "miss by 0.9500 (RMSE), those of the champion old by 0.9000" in judge_version(poor).sentences()[1]
    assert codes(with_figures(row, stars={"model": {"rmse": 0.909}, "biases": {"rmse": 0.94}})) == []


@pytest.mark.parametrize(
    ("name", "before", "allowed", "refused"),
    [
        ("least after 5 favourites", 6, 5, 4),
        ("1 star lowers the neighbours", 0.98, 0.94, 0.9),
        ("films shared by two tastes (low)", 2.0, 2.4, 2.6),
        ("horror for a child (low)", 0, 0, 1),
    ],
)
def test_a_clear_taste_must_show_as_in_the_champions_lists(name, before, allowed, refused):
    old = version("old", state="champion", temporal=0.2, temporal_popularity=0.1)
    row = version(temporal=0.2, temporal_popularity=0.1)
    with_figures(row, taste={"model": {name: refused}})
    assert codes(row) == []  # nothing to compare with
    with_figures(old, taste={"model": {name: before}})
    assert codes(row) == ["taste_below_champion"]
    assert f"“{name}” is" in judge_version(row).sentences()[0]
    assert codes(with_figures(row, taste={"model": {name: allowed}})) == []


def test_figures_of_other_data_are_not_compared():
    old = version("old", state="champion", temporal=0.3, temporal_popularity=0.1)
    row = version(temporal=0.14, temporal_popularity=0.08)
    assert codes(row) == ["below_champion"]
    row.metrics["data_set"] = "ml-latest-small"
    verdict = judge_version(row)
    assert (verdict.outcome, verdict.findings[0].against) == ("passed", "ml-100k")
    assert "trained on other data (ml-100k)" in verdict.sentences()[0]
    old.metrics["data_set"] = "ml-latest-small"
    old.save()
    assert codes(row) == ["below_champion"]
