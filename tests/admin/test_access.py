"""Who may open which page of the admin, and press which button."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from accounts.models import User
from recommendations.models import Genre, Job, ModelVersion, Movie, PromotionEvent, Rating

pytestmark = pytest.mark.django_db
ROLES = ("nobody", "person", "viewer", "operator", "admin")
FROM = {"viewer": ROLES[2:], "operator": ROLES[3:], "admin": ROLES[4:], "no role": ()}
#: Address → the least role that may open it.
PAGES = {
    "index": "viewer",
    "recommendations_job_changelist": "viewer",
    "recommendations_job_change": "viewer",
    "recommendations_job_log": "viewer",
    "recommendations_job_add": "operator",
    "recommendations_modelversion_changelist": "viewer",
    "recommendations_modelversion_change": "viewer",
    "recommendations_modelversion_compare": "viewer",
    "recommendations_modelversion_lists": "viewer",
    "recommendations_modelversion_indices": "viewer",
    "recommendations_modelversion_promote": "operator",
    "recommendations_modelversion_roll_back": "operator",
    "recommendations_promotionevent_changelist": "viewer",
    "recommendations_movie_changelist": "viewer",
    "recommendations_movie_change": "viewer",
    "recommendations_genre_changelist": "viewer",
    "recommendations_rating_changelist": "admin",
    "recommendations_watchlistitem_changelist": "admin",
    "recommendations_hiddenmovie_changelist": "admin",
    "accounts_user_changelist": "admin",
    "accounts_user_add": "admin",
    "admin_logentry_changelist": "operator",
    # What would break things is offered to nobody.
    "recommendations_modelversion_add": "no role",
    "recommendations_modelversion_delete": "no role",
    "recommendations_promotionevent_add": "no role",
    "recommendations_job_delete": "no role",
    "recommendations_movie_add": "no role",
    "recommendations_movie_delete": "no role",
    "recommendations_rating_add": "no role",
}


@pytest.fixture
def rows(settings) -> dict[str, int]:
    """One row of each kind, and no Elasticsearch."""
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:9"
    first = ModelVersion.objects.create(version="first", state="retired")
    champion = ModelVersion.objects.create(version="champion", state="champion")
    PromotionEvent.objects.create(version=champion, previous=first, reason="test")
    movie = Movie.objects.create(
        movielens_id=1, title="Toy Story", original_title="Toy Story (1995)", year=1995
    )
    movie.genres.add(Genre.objects.create(name="Comedy"))
    return {
        "job": Job.objects.create(kind="pipeline", state="failed").pk,
        "modelversion": first.pk,
        "promotionevent": PromotionEvent.objects.get().pk,
        "movie": movie.pk,
    }


def address(name: str, rows: dict[str, int]) -> str:
    model, _, action = name.removeprefix("recommendations_").partition("_")
    with_number = action in ("change", "delete", "promote", "log", "cancel", "retry")
    return reverse(f"admin:{name}", args=[rows[model]] if with_number else [])


@pytest.mark.parametrize("role", ROLES)
def test_every_page_asks_for_its_permission(as_role, rows, role):
    client = as_role(role)
    for name, least in PAGES.items():
        response = client.get(address(name, rows))
        if role in FROM[least]:
            # A job without a log sends back to its page.
            assert response.status_code == (302 if name.endswith("_log") else 200), name
        elif role in ("nobody", "person"):
            assert response.status_code == 302, name
            assert "/login/" in response.url, name
        else:
            assert response.status_code == 403, name


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


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("recommendations_job_add", {"kind": "pipeline"}),
        ("recommendations_job_cancel", {}),
        ("recommendations_job_retry", {}),
        ("recommendations_modelversion_promote", {"reason": "x", "override": "on"}),
        ("recommendations_modelversion_roll_back", {"reason": "x"}),
    ],
)
def test_a_viewer_who_posts_anyway_changes_nothing(as_role, rows, name, data):
    response = as_role("viewer").post(address(name, rows), data)
    assert response.status_code == 403
    assert Job.objects.count() == 1
    assert PromotionEvent.objects.count() == 1
    assert not LogEntry.objects.exists()


def test_buttons_do_not_work_by_a_link(as_role, rows):
    for name in ("recommendations_job_cancel", "recommendations_job_retry"):
        assert as_role("superuser").get(address(name, rows)).status_code == 405
        User.objects.all().delete()


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
