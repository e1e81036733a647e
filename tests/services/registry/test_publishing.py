"""Registering, checking, promoting and rolling back, on a real node and model folders without training."""

from __future__ import annotations

import json

import pytest

from recommendations.models import ModelVersion, Movie, PromotionEvent
from recommendations.ranking.storage import ArtefactError
from recommendations.search.client import get_client
from recommendations.search.connection import SearchError
from recommendations.search.index_lifecycle import (
    IndexCheckError,
    IndexNames,
    labels_begun,
    labels_present,
    live_indices,
)
from recommendations.services.folders import evaluation_folder, work_folder
from recommendations.services.registry.pruning import clear_leftovers, delete_leftover_indices, prune_versions
from recommendations.services.registry.publishing import (
    GateRefusedError,
    PromotionConflictError,
    PromotionError,
    SmokeTestError,
    indices_present,
    is_intact,
    model_folder,
    promote_by_hand,
    promote_if_good,
    promote_model,
    register_model,
    roll_back,
    smoke_test,
)
from spark_jobs.data_files import FILMS_FILE
from tests.ranking.factories import make_artefact, make_people
from tests.registry_home import FACTS, measured
from tests.search.indices import build_indices, new_label

pytestmark = [
    pytest.mark.elasticsearch,
    pytest.mark.django_db,
    pytest.mark.usefixtures("registry_home"),
]


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


def test_indices_of_another_model_do_not_pass(make_version):
    """Vectors, forest and indices of one version belong together."""
    version, other = make_version(0), make_version(1)
    version.index_label = other.index_label
    with pytest.raises(SmokeTestError, match="does not rank for a newcomer as the model itself does"):
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


def test_pruning_keeps_rows_the_newest_the_champion_and_its_predecessor(make_version, settings):
    settings.MODEL_VERSIONS_KEPT = 2
    versions = [make_version(seed) for seed in range(5)]
    for version in versions[:2]:
        promote_model(version=version, by=None, reason="test")
    # 0 is the predecessor and 1 the champion; 3 and 4 are the newest.
    assert prune_versions() == [versions[2].version]
    assert [indices_present(version) for version in versions] == [True, True, False, True, True]
    assert [model_folder(version).exists() for version in versions] == [True, True, False, True, True]
    pruned = ModelVersion.objects.get(pk=versions[2].pk)
    assert pruned.pruned_at is not None
    with pytest.raises(PromotionError, match="was pruned"):
        promote_by_hand(version=pruned, by=None, reason="please", override=True)
    with pytest.raises(PromotionError, match="was pruned"):
        promote_model(version=versions[2], by=None, reason="read before it was pruned")
    assert prune_versions() == []
    assert state(versions[1]) == "champion"


def test_what_elasticsearch_could_not_delete_goes_the_next_time(make_version, settings):
    settings.MODEL_VERSIONS_KEPT = 1
    old, champion, newest = (make_version(seed) for seed in range(3))
    promote_model(version=champion, by=None, reason="test")
    url, settings.ELASTICSEARCH_URL = settings.ELASTICSEARCH_URL, "http://127.0.0.1:9"
    assert prune_versions() == [old.version]
    settings.ELASTICSEARCH_URL = url
    assert indices_present(old)
    assert prune_versions() == []
    assert [indices_present(version) for version in (old, champion, newest)] == [False, True, True]


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


def test_tables_that_nobody_needs_go_but_not_those_of_an_evaluation_under_way(make_version):
    version = make_version(0)
    promote_model(version=version, by=None, reason="test")
    needed, killed = work_folder(version.data_digest), work_folder("e" * 64)
    for folder in (needed, killed, evaluation_folder()):
        folder.mkdir(parents=True)
    clear_leftovers()
    assert needed.is_dir()
    assert evaluation_folder().is_dir()
    assert not killed.exists()


def test_promoting_brings_the_films_of_the_version(make_version):
    version = make_version(0)
    profiles = work_folder(version.data_digest) / "profiles"
    profiles.mkdir(parents=True)
    film = {
        "movie_id": 1,
        "title": "A film",
        "original_title": "A film (1990)",
        "year": 1990,
        "genres": ["Drama"],
    }
    (profiles / FILMS_FILE).write_text(json.dumps(film) + "\n", encoding="utf-8")
    promote_by_hand(version=version, by=None, reason="new films", override=True)
    assert Movie.objects.get().title == "A film"


def test_promotion_does_not_touch_indices_under_construction(make_version):
    first = make_version(0)
    label = f"{first.version}-120000"
    build_indices(get_client(), label, make_artefact())
    promote_model(version=first, by=None, reason="test")
    assert label in labels_present(get_client())


def test_a_good_version_is_promoted_by_itself(make_version):
    verdict = promote_if_good(version=measured(version := make_version(0), ndcg=0.2), reason="trained")
    assert (verdict.outcome, state(version)) == ("passed", "champion")


def test_a_version_below_popularity_stays_a_candidate_with_the_reason(make_version):
    version = measured(make_version(0), ndcg=0.1)
    assert promote_if_good(version=version, reason="trained").refused
    version.refresh_from_db()
    assert (version.state, version.gate["outcome"]) == ("candidate", "refused")
    assert not PromotionEvent.objects.exists()
    assert not live() & set(IndexNames.of(version.index_label))


def test_an_operator_overrides_the_gate_and_that_is_kept(make_version, django_user_model):
    operator = django_user_model.objects.create_user("operator", password="x")
    good, bad = measured(make_version(0), ndcg=0.2), measured(make_version(1), ndcg=0.15)
    promote_model(version=good, by=None, reason="test")
    with pytest.raises(GateRefusedError, match="nDCG 0.1500, the champion .* 0.2000; at most 3.0 % less"):
        promote_by_hand(version=bad, by=operator, reason="newer films")
    assert state(good) == "champion"
    event = promote_by_hand(version=bad, by=operator, reason="newer films", override=True)
    assert (event.overridden, event.by, event.reason) == (True, operator, "newer films")
    assert state(bad) == "champion"
    back = roll_back(by=operator, reason="worse")
    assert (back.kind, back.overridden, state(good)) == ("rollback", False, "champion")


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301])
def test_without_a_fitting_reason_nothing_is_switched(make_version, reason):
    version = measured(make_version(0), ndcg=0.2)
    with pytest.raises(PromotionError, match="Say why|longer than 300"):
        promote_by_hand(version=version, by=None, reason=reason)
    assert state(version) == "candidate"


def test_the_second_of_two_operators_gets_a_clear_message(make_version, django_user_model):
    first = django_user_model.objects.create_user("first", password="x")
    old, left, right = (measured(make_version(seed), ndcg=0.2) for seed in range(3))
    promote_model(version=old, by=None, reason="test")
    promote_by_hand(version=left, by=first, reason="mine", seen_champion=old.version)
    with pytest.raises(PromotionConflictError, match=f"first has switched to {left.version} at .*Look again"):
        promote_by_hand(version=right, by=None, reason="mine", seen_champion=old.version)
    with pytest.raises(PromotionConflictError, match="Look again"):
        roll_back(by=None, reason="worse", seen_champion=old.version)
    assert state(left) == "champion"
    with pytest.raises(PromotionError, match="is the champion already"):
        promote_by_hand(version=ModelVersion.objects.get(pk=left.pk), by=None, reason="again")


def test_a_version_without_indices_says_what_to_do(make_version):
    version = measured(make_version(0), ndcg=0.2)
    version.index_label = ""
    with pytest.raises(PromotionError, match="has no indices; build them first"):
        promote_by_hand(version=version, by=None, reason="please")


def test_a_failed_smoke_query_switches_nothing_and_stays_a_candidate(make_version):
    old, version = make_version(0), measured(make_version(1), ndcg=0.2)
    promote_model(version=old, by=None, reason="test")
    get_client().delete(index=IndexNames.of(version.index_label).user_profiles, id="11", refresh=True)
    for promote in (
        lambda: promote_if_good(version=version, reason="trained"),
        lambda: promote_by_hand(version=version, by=None, reason="please"),
    ):
        with pytest.raises(SmokeTestError, match="does not know person 11"):
            promote()
    assert (state(old), state(version)) == ("champion", "candidate")
    assert live() == set(IndexNames.of(old.index_label))
