"""The form for films after training, and the dial of their exposure, in the admin."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from recommendations.models import Movie, NewFilm, NewFilmsState

ADD = reverse("admin:recommendations_newfilm_add")
LIST = reverse("admin:recommendations_newfilm_changelist")
pytestmark = pytest.mark.django_db
TOLD = {
    "key": "snow",
    "title": "Snow in April",
    "year": "2026",
    "genres": ["Crime", "Comedy"],
    "overview": "Two brothers rob a bank.",
    "directors": "Ana Lind\r\n\r\nAna Lind\r\n",
    "cast": "Jo Berg",
    "tags": "",
    "imdb_id": "",
    "tmdb_id": "",
}


def change(film: NewFilm) -> str:
    return reverse("admin:recommendations_newfilm_change", args=[film.pk])


def test_a_film_is_put_changed_and_withdrawn(as_role):
    client = as_role("operator")
    assert client.post(ADD, TOLD).status_code == 302
    film = NewFilm.objects.get()
    assert film.facts["directors"] == ["Ana Lind"]
    assert film.facts["genres"] == ["Crime", "Comedy"]
    assert film.by.username == "operator"
    assert Movie.objects.get(key="snow").title == "Snow in April"
    page = client.get(change(film)).content.decode()
    assert "Two brothers rob a bank." in page
    assert client.post(change(film), {**TOLD, "title": "Snow in May", "year": ""}).status_code == 302
    assert Movie.objects.get(key="snow").year is None
    gone = reverse("admin:recommendations_newfilm_delete", args=[film.pk])
    assert client.post(gone, {"post": "yes"}).status_code == 302
    film.refresh_from_db()
    assert film.withdrawn_at is not None
    assert not Movie.objects.filter(key="snow").exists()
    # Each act once, in the audit log.
    acts = LogEntry.objects.order_by("action_time", "pk").values_list("change_message", flat=True)
    assert [act.split(":")[0] for act in acts] == ["New film put", "New film changed", "New film withdrawn"]
    # It can be put again where it was.
    assert client.post(change(film), TOLD).status_code == 302
    assert Movie.objects.filter(key="snow").exists()


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"title": ""}, "This field is required"),
        ({"key": "a/b"}, "without"),
        ({"imdb_id": "tt1"}, "valid value"),
        ({"genres": ["Telenovela"]}, "Telenovela"),
        ({"cast": "x" * 121}, "at most 120 characters"),
        ({"title": "Star Wars", "year": "1977"}, "number 50"),
    ],
)
def test_what_does_not_fit_is_told_beside_the_form(as_role, told, said):
    Movie.objects.create(movielens_id=50, key="50", title="Star Wars", original_title="Star Wars", year=1977)
    page = as_role("operator").post(ADD, {**TOLD, **told})
    assert page.status_code == 200
    assert said in page.content.decode()
    assert not NewFilm.objects.exists()


def test_a_viewer_reads_what_is_known(as_role):
    as_role("operator").post(ADD, TOLD)
    viewer = as_role("viewer")
    assert "Snow in April" in viewer.get(LIST).content.decode()
    page = viewer.get(change(NewFilm.objects.get())).content.decode()
    assert "Ana Lind" in page
    assert 'name="_save"' not in page


def test_the_share_is_one_row(as_role):
    client = as_role("operator")
    page = client.get(reverse("admin:recommendations_newfilmsstate_changelist"), follow=True)
    assert page.redirect_chain
    address = page.redirect_chain[-1][0]
    assert client.post(address, {"share": "0.3"}).status_code == 302
    assert NewFilmsState.now().share == 0.3
    assert client.post(address, {"share": "3"}).status_code == 200
    assert NewFilmsState.now().share == 0.3
