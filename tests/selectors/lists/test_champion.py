"""The champion in memory: loaded once, again when it changes, and never from an altered folder."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import pytest

from recommendations.models import ModelVersion, PromotionEvent
from recommendations.ranking.storage import ArtefactError
from recommendations.selectors.lists import champion as champion_module
from recommendations.selectors.lists.champion import current_champion
from tests.selectors.versions import registered

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_home(settings, tmp_path, monkeypatch):
    settings.MOVIEREC_HOME = tmp_path
    monkeypatch.setattr(champion_module, "_loaded", {})
    monkeypatch.setattr(champion_module, "_beside", {})
    monkeypatch.setattr(champion_module, "_refused", {})


def promote(version: ModelVersion, previous: ModelVersion | None) -> None:
    ModelVersion.objects.filter(state="champion").update(state="retired")
    ModelVersion.objects.filter(pk=version.pk).update(state="champion")
    PromotionEvent.objects.create(version=version, previous=previous, reason="test")


def test_before_anything_is_published_there_is_none(tmp_path):
    registered(tmp_path, 0, "candidate")
    assert current_champion() is None


def test_the_champion_is_loaded_once(tmp_path, django_assert_num_queries):
    registered(tmp_path, 0, "champion")
    first = current_champion()
    assert (first.version, first.index_label) == ("test-60-0", "label-0")
    assert 21 in first.people
    shutil.rmtree(tmp_path / "models")
    with django_assert_num_queries(1):
        assert current_champion().artefact is first.artefact


def test_another_champion_is_loaded_without_a_restart(tmp_path):
    old = registered(tmp_path, 0, "champion")
    assert current_champion().version == "test-60-0"
    promote(registered(tmp_path, 1, "candidate"), old)
    assert current_champion().version == "test-60-1"
    assert current_champion().artefact.version == "test-60-1"


def test_rebuilt_indices_are_used_without_loading_the_model_again(tmp_path):
    registered(tmp_path, 0, "champion")
    before = current_champion()
    ModelVersion.objects.update(index_label="label-0-rebuilt")
    after = current_champion()
    assert after.index_label == "label-0-rebuilt"
    assert after.artefact is before.artefact


def tamper(home: Path, version: str) -> None:
    path = home / "models" / version / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "seed": 99}))


def test_an_altered_champion_is_refused_and_the_previous_version_keeps_serving(tmp_path, caplog):
    old = registered(tmp_path, 0, "champion")
    promote(registered(tmp_path, 1, "candidate"), old)
    tamper(tmp_path, "test-60-1")
    serving = current_champion()
    assert (serving.version, serving.index_label, serving.artefact.version) == (
        "test-60-0",
        "label-0",
        "test-60-0",
    )
    assert "test-60-0 serves" in caplog.text
    assert "altered since it was registered" in caplog.text


def test_an_altered_champion_without_a_predecessor_is_refused(tmp_path):
    only = registered(tmp_path, 0, "champion")
    PromotionEvent.objects.create(version=only, previous=only, reason="indices rebuilt")
    tamper(tmp_path, "test-60-0")
    with pytest.raises(ArtefactError, match="altered since it was registered"):
        current_champion()


def test_if_the_previous_version_is_damaged_too_nothing_is_served(tmp_path):
    old = registered(tmp_path, 0, "champion")
    promote(registered(tmp_path, 1, "candidate"), old)
    for version in ("test-60-0", "test-60-1"):
        tamper(tmp_path, version)
    with pytest.raises(ArtefactError, match="altered"):
        current_champion()


def test_a_refused_folder_is_not_read_again_at_once_and_serves_soon_after_it_is_mended(tmp_path, monkeypatch):
    registered(tmp_path, 0, "champion")
    manifest = tmp_path / "models" / "test-60-0" / "manifest.json"
    sound = manifest.read_bytes()
    tamper(tmp_path, "test-60-0")
    with pytest.raises(ArtefactError, match="altered since it was registered"):
        current_champion()
    manifest.write_bytes(sound)
    with pytest.raises(ArtefactError, match="altered since it was registered"):
        current_champion()
    now = time.monotonic()
    monkeypatch.setattr(champion_module.time, "monotonic", lambda: now + champion_module.RETRY_SECONDS)
    assert current_champion().version == "test-60-0"
