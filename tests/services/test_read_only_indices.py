"""A real node whose indices have become read-only, as on a full disk: profiles wait, and nobody's list is degraded."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from accounts.models import User
from recommendations.models import Movie
from recommendations.ranking.storage import load_artefact
from recommendations.search.breaker import profile_breaker, reset_breakers, search_breaker
from recommendations.search.client import get_client
from recommendations.search.index_lifecycle import IndexNames, swap_aliases
from recommendations.services.profiles import write_stale_profiles
from tests.search.indices import build_indices, client_of, new_label
from tests.selectors.versions import registered

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch]


@pytest.fixture
def live(settings, tmp_path, elasticsearch_url) -> Iterator[IndexNames]:
    """The indices of a champion on a real node."""
    settings.MOVIEREC_HOME, settings.ELASTICSEARCH_URL = tmp_path, elasticsearch_url
    # The test machine may be busy; what is tested is not its speed.
    settings.ELASTICSEARCH_TIMEOUT_SECONDS = 60.0
    settings.ELASTICSEARCH_BREAKER_SECONDS = 3600.0
    version = registered(tmp_path, 0, "champion")
    version.index_label = new_label()
    version.save()
    Movie.objects.bulk_create(
        Movie(movielens_id=number, title=f"Film {number}", original_title=str(number))
        for number in range(1, 130)
    )
    with client_of(elasticsearch_url) as client:
        build_indices(client, version.index_label, *load_artefact(tmp_path / "models" / version.version))
        swap_aliases(client, version.index_label)
        yield IndexNames.of(version.index_label)
        # They are live, so nothing but a test deletes them.
        client.indices.delete(index=list(IndexNames.of(version.index_label)))


@contextmanager
def write_block(url: str) -> Iterator[None]:
    """As Elasticsearch sets it itself when its disk is almost full."""
    with client_of(url) as client:
        client.indices.put_settings(index="_all", settings={"index.blocks.read_only_allow_delete": True})
        try:
            yield
        finally:
            client.indices.put_settings(index="_all", settings={"index.blocks.read_only_allow_delete": None})


def test_profiles_wait_lists_are_not_degraded_and_readyz_names_the_indices(live, client, elasticsearch_url):
    ann = User.objects.create_user("ann")
    client.force_login(ann)
    rated = [3, 5, 7, 9, 11, 13]
    with write_block(elasticsearch_url):
        for number in rated:
            assert client.post(f"/films/{number}/rate", {"stars": 4}).status_code == 303
            assert write_stale_profiles() == 0
        assert (profile_breaker().state, search_breaker().state) == ("open", "closed")
        found = client.get("/api/v1/recommendations/", {"user": 21, "k": 3}).json()
        assert (found["engine"], found["degraded"], len(found["items"])) == ("elasticsearch", False, 3)
        assert "notice--degraded" not in client.get("/results").content.decode()
        ready = client.get("/readyz").json()
        assert (ready["status"], ready["degraded"]) == ("ready", False)
        check = ready["checks"]["elasticsearch"]
        assert check["ok"] is False
        assert live.movies in check["detail"]
        assert live.user_profiles in check["detail"]
        assert "are read-only" in check["detail"]
        assert "Circuit breaker: closed." in check["detail"]

    reset_breakers()  # its hour is over
    assert write_stale_profiles() == 1
    document = get_client().get(index="user_profiles", id=f"site-{ann.pk}")["_source"]
    assert document["seen"] == rated
    assert client.get("/readyz").json()["checks"]["elasticsearch"]["ok"] is True
