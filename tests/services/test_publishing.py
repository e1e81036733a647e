"""Registering, checking, promoting and rolling back, on a real node and model folders without training."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from recommendations.models import ModelVersion, PromotionEvent
from recommendations.ranking.storage import ArtefactError, save_artefact
from recommendations.search.client import get_client
from recommendations.search.errors import SearchError
from recommendations.search.index_lifecycle import (
    IndexCheckError,
    IndexNames,
    labels_begun,
    labels_present,
    live_indices,
)
from recommendations.services.publishing import (
    PromotionError,
    SmokeTestError,
    delete_leftover_indices,
    indices_present,
    is_intact,
    model_folder,
    promote_model,
    register_model,
    roll_back,
    smoke_test,
)
from tests.ranking.factories import make_artefact, make_people
from tests.search.indices import build_indices, client_of, new_label

pytestmark = [pytest.mark.elasticsearch, pytest.mark.django_db]
FACTS = {"fingerprint": "f" * 64, "data_digest": "d" * 64, "metrics": {"forest": {"rmse": 1.0}}}
MakeVersion = Callable[[int], ModelVersion]


@pytest.fixture(autouse=True)
def _home(settings, tmp_path, elasticsearch_url: str) -> Iterator[None]:
    settings.MOVIEREC_HOME = tmp_path
    settings.ELASTICSEARCH_URL = elasticsearch_url
    settings.ELASTICSEARCH_TIMEOUT_SECONDS = 20.0
    with client_of(elasticsearch_url) as client:
        before, aliases = set(client.indices.get(index="*")), live_indices(client)
        yield
        for index in set(client.indices.get(index="*")) - before:
            client.indices.delete(index=index)
        for alias, index in aliases.items():
            client.indices.put_alias(index=index, name=alias)


@pytest.fixture
def make_version(tmp_path) -> MakeVersion:
    """A registered version with its folder and its indices; its artefact is that of the seed."""

    def make(seed: int) -> ModelVersion:
        artefact = make_artefact(seed=seed)
        people = make_people(artefact, seed)
        version = new_label()
        save_artefact(artefact, people, artefact.newcomers.forest, tmp_path / "models" / version, FACTS)
        build_indices(get_client(), version, artefact, people)
        return register_model(version=version, index_label=version)

    return make


def live() -> set[str]:
    return set(live_indices(get_client()).values())


def state(version: ModelVersion) -> str:
    return ModelVersion.objects.get(pk=version.pk).state


def test_a_version_is_registered_from_its_manifest(make_version):
    version = make_version(0)
    assert (version.state, version.parent) == ("candidate", None)
    assert (version.fingerprint, version.data_digest) == ("f" * 64, "d" * 64)
    assert version.parameters["weighting"] == "likes"
    assert version.metrics == FACTS["metrics"]
    assert len(version.artefact_digest) == 64
    assert indices_present(version)
    assert is_intact(version)
    promote_model(version=version, by=None, reason="test")
    assert make_version(1).parent == version


def test_a_folder_that_is_missing_is_not_registered():
    with pytest.raises(ArtefactError, match="cannot be read"):
        register_model(version="never-trained", index_label="x")
    assert not ModelVersion.objects.exists()


def test_whole_indices_pass_the_smoke_test(make_version):
    smoke_test(make_version(0))


def test_an_altered_model_does_not_pass(make_version):
    version = make_version(0)
    (model_folder(version) / "items.npz").write_bytes(b"something else")
    assert not is_intact(version)
    with pytest.raises(ArtefactError, match="items.npz is missing or was altered"):
        smoke_test(version)


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        ("no films", "fewer than 5 films"),
        ("no person", "does not know person 11"),
        ("no index", "index .* missing|no such index"),
    ],
)
def test_broken_indices_do_not_pass_and_switch_nothing(make_version, damage, sentence):
    old, version = make_version(0), make_version(1)
    promote_model(version=old, by=None, reason="test")
    names, client = IndexNames.of(version.index_label), get_client()
    if damage == "no films":
        for number in make_artefact(seed=1).movie_ids[4:]:
            client.delete(index=names.movies, id=str(number))
        client.indices.refresh(index=names.movies)
    elif damage == "no person":
        client.delete(index=names.user_profiles, id="11", refresh=True)
    else:
        client.indices.delete(index=names.movies)
    with pytest.raises(SearchError, match=sentence) as refused:
        smoke_test(version)
    assert isinstance(refused.value, SmokeTestError) == (damage != "no index")
    assert live() == set(IndexNames.of(old.index_label))


def test_promotion_switches_row_aliases_and_history(make_version, django_user_model):
    admin = django_user_model.objects.create_user("admin", password="x")
    first, second = make_version(0), make_version(1)
    promote_model(version=first, by=None, reason="the first")
    event = promote_model(version=second, by=admin, reason="better")
    assert (state(first), state(second)) == ("retired", "champion")
    assert live() == set(IndexNames.of(second.index_label))
    assert (event.version, event.previous, event.by, event.reason) == (second, first, admin, "better")
    assert indices_present(first)  # for rolling back


def test_indices_before_the_predecessor_are_deleted(make_version):
    first, second, third = (make_version(seed) for seed in range(3))
    for version in (first, second, third):
        promote_model(version=version, by=None, reason="test")
    assert [indices_present(version) for version in (first, second, third)] == [False, True, True]


def test_a_promotion_that_elasticsearch_refuses_changes_nothing(make_version):
    first, second = make_version(0), make_version(1)
    promote_model(version=first, by=None, reason="test")
    get_client().indices.delete(index=IndexNames.of(second.index_label).movies)
    with pytest.raises(IndexCheckError, match="is missing"):
        promote_model(version=second, by=None, reason="test")
    assert (state(first), state(second)) == ("champion", "candidate")
    assert PromotionEvent.objects.count() == 1
    assert live() == set(IndexNames.of(first.index_label))


def test_a_promotion_without_elasticsearch_changes_nothing(make_version, settings):
    first, second = make_version(0), make_version(1)
    promote_model(version=first, by=None, reason="test")
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    with pytest.raises(SearchError, match="Elasticsearch failed in"):
        promote_model(version=second, by=None, reason="test")
    assert (state(first), state(second)) == ("champion", "candidate")


def test_rolling_back_returns_to_the_predecessor(make_version):
    first, second = make_version(0), make_version(1)
    promote_model(version=first, by=None, reason="test")
    promote_model(version=second, by=None, reason="test")
    event = roll_back(by=None, reason="worse")
    assert (event.version, event.previous) == (first, second)
    assert (state(first), state(second)) == ("champion", "retired")
    assert live() == set(IndexNames.of(first.index_label))


def test_rolling_back_without_a_predecessor_says_so(make_version):
    with pytest.raises(PromotionError, match="no earlier version"):
        roll_back(by=None, reason="nothing there")
    promote_model(version=make_version(0), by=None, reason="test")
    with pytest.raises(PromotionError, match="no earlier version"):
        roll_back(by=None, reason="nothing there")


def test_rebuilding_keeps_the_way_back(make_version):
    """New indices of the champion itself are no new version: rolling back still means the one before."""
    first, second = make_version(0), make_version(1)
    promote_model(version=first, by=None, reason="test")
    promote_model(version=second, by=None, reason="test")
    artefact = make_artefact(seed=1)
    second.index_label = f"{second.version}-rebuilt"
    build_indices(get_client(), second.index_label, artefact, make_people(artefact, 1))
    promote_model(version=second, by=None, reason="indices rebuilt")
    assert live() == set(IndexNames.of(f"{second.version}-rebuilt"))
    assert indices_present(first)
    assert roll_back(by=None, reason="worse").version == first


def test_rolling_back_to_a_damaged_version_is_refused(make_version):
    first, second = make_version(0), make_version(1)
    promote_model(version=first, by=None, reason="test")
    promote_model(version=second, by=None, reason="test")
    (model_folder(first) / "people.npz").unlink()
    with pytest.raises(ArtefactError, match="people.npz is missing"):
        roll_back(by=None, reason="worse")
    assert state(second) == "champion"
    assert live() == set(IndexNames.of(second.index_label))


def test_leftovers_of_this_home_go_and_those_of_others_stay(make_version, tmp_path):
    version = make_version(0)
    promote_model(version=version, by=None, reason="test")
    artefact, client = make_artefact(), get_client()
    rebuilding, killed, foreign = f"{version.version}-120000", new_label(), new_label()
    for label in (rebuilding, killed, foreign):
        build_indices(client, label, artefact)
    client.indices.delete(index=f"user_profiles-{killed}")  # killed between the two
    (tmp_path / "models" / killed).mkdir()  # its model was saved, but never registered
    delete_leftover_indices()
    assert not {rebuilding, killed} & labels_begun(client)
    assert {foreign, version.index_label} <= labels_present(client)
    assert live() == set(IndexNames.of(version.index_label))


def test_promotion_does_not_touch_indices_under_construction(make_version):
    first = make_version(0)
    label = f"{first.version}-120000"
    build_indices(get_client(), label, make_artefact())
    promote_model(version=first, by=None, reason="test")
    assert label in labels_present(get_client())
