"""What the admin shows to whom, and keeps from whom (``tests/test_page_permissions.py``: who may open what)."""

from __future__ import annotations

import pytest
from django.contrib.admin.checks import check_admin_app
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from accounts.models import User
from recommendations.models import Job, ModelVersion, Movie, PromotionEvent, Rating
from recommendations.services.account.deletion import delete_account

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(settings) -> dict[str, int]:
    """Two versions, a film, a failed job, and no Elasticsearch."""
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    first = ModelVersion.objects.create(version="first", state="retired")
    champion = ModelVersion.objects.create(version="champion", state="champion")
    PromotionEvent.objects.create(version=champion, previous=first, reason="test")
    Movie.objects.create(movielens_id=1, title="Toy Story", original_title="Toy Story (1995)", year=1995)
    return {
        "job": Job.objects.create(kind="pipeline", state="failed").pk,
        "modelversion": first.pk,
    }


def address(name: str, rows: dict[str, int]) -> str:
    model, _, action = name.removeprefix("recommendations_").partition("_")
    return reverse(f"admin:{name}", args=[rows[model]] if action == "change" else [])


@pytest.mark.parametrize("role", ["viewer", "operator"])
def test_buttons_are_shown_to_those_who_may_press_them(as_role, rows, role):
    client, shown = as_role(role), role == "operator"
    job = client.get(address("recommendations_job_change", rows)).content.decode()
    assert (reverse("admin:recommendations_job_retry", args=[rows["job"]]) in job) == shown
    version = client.get(address("recommendations_modelversion_change", rows)).content.decode()
    assert (
        reverse("admin:recommendations_modelversion_promote", args=[rows["modelversion"]]) in version
    ) == shown
    versions = client.get(address("recommendations_modelversion_changelist", rows)).content.decode()
    assert (reverse("admin:recommendations_modelversion_roll_back") in versions) == shown
    jobs = client.get(address("recommendations_job_changelist", rows)).content.decode()
    assert (reverse("admin:recommendations_job_add") in jobs) == shown


def test_the_admin_fits_its_models():
    """``manage.py check`` may look before the addresses have imported the admin."""
    reverse("admin:index")
    assert check_admin_app(None) == []


def test_no_bulk_action_changes_versions_or_jobs(as_role, rows):
    client = as_role("superuser")
    for name in ("recommendations_job_changelist", "recommendations_modelversion_changelist"):
        page = client.get(address(name, rows)).content.decode()
        assert "delete_selected" not in page
        client.post(
            address(name, rows), {"action": "delete_selected", "_selected_action": ["1"], "post": "yes"}
        )
    assert (Job.objects.count(), ModelVersion.objects.count()) == (1, 2)


class TestPeople:
    def test_an_admin_gives_roles_but_cannot_make_superusers(self, as_role):
        client = as_role("admin")
        other = User.objects.create_user("other")
        page = client.get(reverse("admin:accounts_user_change", args=[other.pk])).content.decode()
        assert 'name="groups"' in page
        assert 'name="is_superuser"' not in page
        assert 'name="user_permissions"' not in page

    def test_an_admin_neither_changes_nor_deletes_a_superuser(self, as_role):
        client = as_role("admin")
        chief = User.objects.create_superuser("chief", password="x")
        assert (
            "_save" not in client.get(reverse("admin:accounts_user_change", args=[chief.pk])).content.decode()
        )
        assert client.get(reverse("admin:accounts_user_delete", args=[chief.pk])).status_code == 403
        data = {"action": "delete_selected", "_selected_action": [str(chief.pk)], "post": "yes"}
        client.post(reverse("admin:accounts_user_changelist"), data)
        assert User.objects.filter(pk=chief.pk).exists()


def test_deleting_a_rating_is_possible_and_in_the_audit_log(as_role, rows):
    client = as_role("admin")
    rating = Rating.objects.create(
        user=User.objects.get(), movie=Movie.objects.get(), stars=5, rated_at="2026-01-01T00:00Z"
    )
    response = client.post(reverse("admin:recommendations_rating_delete", args=[rating.pk]), {"post": "yes"})
    assert response.status_code == 302
    assert not Rating.objects.exists()
    page = client.get(reverse("admin:admin_logentry_changelist")).content.decode()
    assert "Toy Story" in page


class TestDeletingPeople:
    @pytest.fixture
    def ann(self) -> User:
        ann = User.objects.create_user("ann", "ann@example.org")
        Client().force_login(ann)
        return ann

    @pytest.fixture
    def deleted(self, monkeypatch) -> list[str]:
        """The names of those that went through the service."""
        names: list[str] = []

        def delete(*, user: User) -> None:
            names.append(user.username)
            delete_account(user=user)

        monkeypatch.setattr("recommendations.admin.accounts.delete_account", delete)
        return names

    def test_one_and_several_go_as_if_they_had_done_it_themselves(self, as_role, ann, deleted):
        client = as_role("admin")
        assert Session.objects.count() == 2
        client.post(reverse("admin:accounts_user_delete", args=[ann.pk]), {"post": "yes"})
        assert not User.objects.filter(username="ann").exists()
        assert Session.objects.count() == 1
        bob, eve = User.objects.create_user("bob"), User.objects.create_user("eve")
        data = {"action": "delete_selected", "_selected_action": [bob.pk, eve.pk], "post": "yes"}
        client.post(reverse("admin:accounts_user_changelist"), data)
        assert sorted(deleted) == ["ann", "bob", "eve"]
        assert [user.username for user in User.objects.all()] == ["admin"]

    def test_the_last_administrator_stays(self, as_role, ann, deleted):
        client = as_role("superuser")
        chief = User.objects.get(username="superuser")
        client.post(reverse("admin:accounts_user_delete", args=[chief.pk]), {"post": "yes"})
        data = {"action": "delete_selected", "_selected_action": [chief.pk, ann.pk], "post": "yes"}
        client.post(reverse("admin:accounts_user_changelist"), data)
        assert User.objects.count() == 2
        assert deleted == []
        form = {"username": "superuser", "is_active": "on", "date_joined_0": "2026-01-01"}
        page = client.post(reverse("admin:accounts_user_change", args=[chief.pk]), form).content.decode()
        assert "This is the only administrator of the site." in page
        chief.refresh_from_db()
        assert chief.is_superuser
        User.objects.create_superuser("second")
        client.post(reverse("admin:accounts_user_delete", args=[chief.pk]), {"post": "yes"})
        assert deleted == ["superuser"]
