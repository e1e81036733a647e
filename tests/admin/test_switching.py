"""Promoting and rolling back by the forms of the admin, on a real node."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from recommendations.models import ModelVersion, PromotionEvent
from recommendations.search.client import get_client
from recommendations.search.index_lifecycle import IndexNames
from recommendations.services.registry.publishing import promote_by_hand, promote_model
from tests.registry_home import measured

pytestmark = [pytest.mark.elasticsearch, pytest.mark.django_db]
ROLL_BACK = "admin:recommendations_modelversion_roll_back"


def promote_page(version: ModelVersion) -> str:
    return reverse("admin:recommendations_modelversion_promote", args=[version.pk])


def champion() -> ModelVersion:
    return ModelVersion.objects.get(state="champion")


def test_promote_with_an_override_then_roll_back(make_version, as_role):
    good, poor = measured(make_version(0), ndcg=0.2), measured(make_version(1), ndcg=0.1)
    promote_model(version=good, by=None, reason="test")
    client = as_role("operator")
    page = client.get(promote_page(poor)).content.decode()
    assert "the champion" in page
    assert f'name="champion" value="{good.version}"' in page
    given = {"champion": good.version, "reason": "newer films"}
    assert "Say why" in client.post(promote_page(poor), {**given, "reason": " "}).content.decode()
    assert "overriding the gate" in client.post(promote_page(poor), given).content.decode()
    assert champion() == good
    assert not LogEntry.objects.exists()
    page = client.post(promote_page(poor), {**given, "override": "on"}, follow=True).content.decode()
    assert "is the champion now" in page
    assert champion() == poor
    event = PromotionEvent.objects.first()
    assert (event.by.username, event.reason, event.overridden) == ("operator", "newer films", True)
    assert "The gate was overridden." in LogEntry.objects.get().change_message

    # Somebody who still looks at the old page does not undo what the first has done.
    late = client.post(reverse(ROLL_BACK), {"champion": good.version, "reason": "worse"}).content.decode()
    assert "operator has switched to" in late
    assert champion() == poor
    client.post(reverse(ROLL_BACK), {"champion": poor.version, "reason": "worse"})
    assert champion() == good


def test_the_pages_show_both_versions(make_version, as_role):
    first, second = measured(make_version(0), ndcg=0.2), measured(make_version(1), ndcg=0.21)
    promote_model(version=first, by=None, reason="test")
    client = as_role("viewer")
    compare = client.get(reverse("admin:recommendations_modelversion_compare")).content.decode()
    assert "0.2000" in compare
    assert "0.2100" in compare
    assert "<svg" in compare
    address = reverse("admin:recommendations_modelversion_lists")
    given = {"before": first.version, "after": second.version}
    lists = client.get(address, {**given, "user": 11}).content.decode()
    assert lists.count("<tr><td") == 20
    assert (
        "There is no person with number 9999" in client.get(address, {**given, "user": 9999}).content.decode()
    )
    newcomer = client.get(address, {**given, "age": 30, "gender": "F"}).content.decode()
    assert "in both lists" in newcomer
    assert "not both" in client.get(address, {**given, "user": 11, "age": 30}).content.decode()
    indices = client.get(reverse("admin:recommendations_modelversion_indices")).content.decode()
    assert f"movies-{first.version}" in indices
    assert "green" in indices


def test_without_elasticsearch_the_indices_page_says_so(make_version, as_role, settings):
    promote_model(version=make_version(0), by=None, reason="test")
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    page = as_role("viewer").get(reverse("admin:recommendations_modelversion_indices"))
    assert page.status_code == 200
    assert "Elasticsearch does not answer" in page.content.decode()


def test_the_indices_page_names_what_is_read_only_and_what_is_gone(make_version, as_role):
    version = make_version(0)
    promote_model(version=version, by=None, reason="test")
    node, names = get_client(), IndexNames.of(version.index_label)
    client, address = as_role("viewer"), reverse("admin:recommendations_modelversion_indices")
    whole = client.get(address).content.decode()
    assert 'class="errornote"' not in whole
    assert "% full" in whole
    node.indices.put_settings(index=names.movies, settings={"index.blocks.read_only_allow_delete": True})
    page = client.get(address).content.decode()
    assert "No new version can be published now:" in page
    assert f"These indices are read-only: {names.movies}. Elasticsearch makes them so" in page
    french = client.get(address, headers={"Accept-Language": "fr"}).content.decode()
    assert f"Ces index sont en lecture seule\u00a0: {names.movies}." in french
    node.indices.put_settings(index=names.movies, settings={"index.blocks.read_only_allow_delete": None})
    node.indices.delete(index=names.user_profiles)
    assert (
        f"Indices of the champion are gone or cannot be read: {names.user_profiles}."
        in client.get(address).content.decode()
    )


def test_rolling_back_to_a_refused_version_shows_the_verdict_and_asks_for_the_override(make_version, as_role):
    good, poor, best = (
        measured(make_version(seed), ndcg=figure) for seed, figure in enumerate((0.2, 0.1, 0.3))
    )
    promote_model(version=good, by=None, reason="test")
    promote_by_hand(version=poor, by=None, reason="newer films", override=True)
    promote_by_hand(version=best, by=None, reason="better")
    client, given = as_role("operator"), {"champion": best.version, "reason": "worse"}
    page = client.get(reverse(ROLL_BACK)).content.decode()
    assert f"Roll back to {poor.version}" in page
    assert "the champion" in page
    assert 'name="override"' in page
    assert "So it was found when the version was last judged." in page
    assert "overriding the gate" in client.post(reverse(ROLL_BACK), given).content.decode()
    assert champion() == best
    client.post(reverse(ROLL_BACK), {**given, "override": "on"})
    assert champion() == poor
    assert PromotionEvent.objects.first().overridden
    assert "The gate was overridden." in LogEntry.objects.get().change_message
    page = client.get(reverse(ROLL_BACK)).content.decode()  # the next is not the version that was left
    assert f"Roll back to {good.version}" in page
    assert 'name="override"' not in page
