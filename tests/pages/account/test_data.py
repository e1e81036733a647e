"""Everything can be taken along, and deleting really deletes."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest
from axes.models import AccessAttempt
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.models import ApiToken, User
from recommendations.models import HiddenMovie, Movie, Rating, WatchlistItem
from recommendations.services.account.deletion import DELETED
from recommendations.services.account.export import safe_cell
from recommendations.services.audit import record_act
from recommendations.services.feedback import add_to_watchlist, hide_movie, rate_movie
from recommendations.services.imports import apply_import, preview_import
from tests.pages.account.conftest import PASSWORD

pytestmark = pytest.mark.django_db
FORMULA = '=HYPERLINK("http://evil.example","x")'


@pytest.fixture
def signed_in(client, ann) -> Client:
    for number, title in ((50, "Star Wars"), (100, FORMULA), (7, "مرحبا 🎬")):
        Movie.objects.create(movielens_id=number, title=title, original_title=title, year=1977)
    rate_movie(user=ann, movie_id=100, stars=2)
    rate_movie(user=ann, movie_id=50, stars=5)
    hide_movie(user=ann, movie_id=7)
    add_to_watchlist(user=ann, movie_id=7)
    ApiToken.objects.create(user=ann, name="@script", scopes=["read", "write"])
    client.force_login(ann)
    return client


def test_json_holds_everything_and_no_secret(signed_in, ann, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        answer = signed_in.get("/account/export.json")
    assert answer["Content-Disposition"].startswith('attachment; filename="movierec-')
    told = json.loads(answer.content)
    assert told["account"]["email"] == "ann@example.org"
    assert [(each["title"], each["stars"]) for each in told["ratings"]] == [(FORMULA, 2), ("Star Wars", 5)]
    assert told["hidden"][0]["movie_id"] == told["watchlist"][0]["movie_id"] == 7
    assert told["api_tokens"][0]["scopes"] == ["read", "write"]
    assert told["dials"] == {"genres": {}, "discovery": 0.0, "decade": None, "diversity": 0.0}
    assert ann.password not in answer.content.decode()
    assert ApiToken.objects.get().digest not in answer.content.decode()


def test_no_cell_of_the_csv_files_is_a_formula(signed_in):
    packed = zipfile.ZipFile(io.BytesIO(signed_in.get("/account/export.zip").content))
    assert set(packed.namelist()) == {
        f"{name}.csv"
        for name in (
            *("profile", "ratings", "watchlist", "hidden", "api_tokens"),
            *("seen", "less_like_this", "picked_tastes", "not_tonight"),
            *("diary", "likes"),
        )
    }
    cells = [
        cell
        for name in packed.namelist()
        for row in csv.reader(io.StringIO(packed.read(name).decode()))
        for cell in row
    ]
    assert f"'{FORMULA}" in cells
    assert "'@script" in cells
    assert "مرحبا 🎬" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert [safe_cell(value) for value in ("-1", -1, None, "a=b")] == ["'-1", -1, None, "a=b"]


def test_the_csv_of_the_ratings_can_be_imported_again(signed_in, ann):
    content = signed_in.get("/account/export.csv").content
    eve = User.objects.create_user("eve")
    preview = preview_import(user=eve, content=content)
    assert (preview.source, len(preview.sure), preview.doubts) == ("movierec", 2, ())
    apply_import(user=eve, token=preview.token)
    own, taken = (
        list(
            Rating.objects.filter(user=user).order_by("rated_at").values_list("movie__movielens_id", "stars")
        )
        for user in (ann, eve)
    )
    assert taken == own


def test_deletion_needs_the_password(signed_in, ann):
    page = signed_in.get("/account/delete").content.decode()
    assert "With the account go 2 ratings." in page
    for password, sentence in (("wrong", "this is not it"), ("", "nothing was typed")):
        answer = signed_in.post("/account/delete", {"current_password": password})
        assert answer.status_code == 400
        assert sentence in answer.content.decode()
    assert User.objects.filter(pk=ann.pk).exists()


def test_deletion_leaves_nothing(signed_in, ann, monkeypatch, django_capture_on_commit_callbacks):
    removed: list[int] = []
    monkeypatch.setattr(
        "recommendations.services.account.deletion.remove_profile", lambda *, user_id: removed.append(user_id)
    )
    elsewhere, stranger = Client(), Client()
    elsewhere.force_login(ann)
    stranger.force_login(User.objects.create_user("eve"))
    Client().post("/account/sign-in", {"name": "ann", "password": "wrong"})
    assert AccessAttempt.objects.count() == 1
    number = ann.pk
    with django_capture_on_commit_callbacks(execute=True):
        page = signed_in.post("/account/delete", {"current_password": PASSWORD}, follow=True)
    assert "Your account and everything in it is deleted." in page.content.decode()
    assert removed == [number]
    for model in (Rating, HiddenMovie, WatchlistItem, ApiToken, AccessAttempt):
        assert not model.objects.exists(), model
    assert not User.objects.filter(pk=number).exists()
    keys = {str(number)} & {kept.get_decoded().get("_auth_user_id") for kept in Session.objects.all()}
    assert not keys
    assert elsewhere.get("/account/").status_code == 302
    assert stranger.get("/account/").status_code == 200
    assert Movie.objects.count() == 3


def test_what_an_operator_did_stays_in_the_audit_log(signed_in, ann):
    record_act(by=ann, on=Movie.objects.first(), message="Promoted.")
    assert signed_in.post("/account/delete", {"current_password": PASSWORD}).status_code == 303
    act = LogEntry.objects.get()
    assert (act.change_message, act.user.username, act.user.is_active) == ("Promoted.", DELETED, False)
    assert not User.objects.filter(username="ann").exists()


def test_the_only_administrator_stays(signed_in, ann):
    User.objects.filter(pk=ann.pk).update(is_superuser=True)
    answer = signed_in.post("/account/delete", {"current_password": PASSWORD})
    assert answer.status_code == 400
    assert "the only administrator of the site" in answer.content.decode()
    User.objects.create_superuser("root")
    assert signed_in.post("/account/delete", {"current_password": PASSWORD}).status_code == 303


def test_everything_needs_a_sign_in(client):
    for name in ("export.json", "export.csv", "export.zip", "delete"):
        assert client.get(f"/account/{name}")["Location"].startswith("/account/sign-in?next=")
