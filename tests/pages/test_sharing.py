"""A list under a link: read by whoever has it, drawn for messengers, and gone as soon as it is taken back."""

from __future__ import annotations

import io
import re

import pytest
from django.test import Client
from PIL import Image

from accounts.models import User
from recommendations.models import FilmList, FilmListEntry, Movie, SharedList
from recommendations.services.account.deletion import delete_account
from recommendations.services.feedback import add_to_watchlist, rate_movie
from recommendations.services.sharing import MOST_SHARED

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def catalogue():
    for number, title, year in ((50, "Star Wars", 1977), (100, "Fargo", 1996), (7, "Amélie <b>", None)):
        Movie.objects.create(movielens_id=number, title=title, original_title=title, year=year)


@pytest.fixture
def ann() -> User:
    return User.objects.create_user("ann")


@pytest.fixture
def owner(ann) -> Client:
    client = Client()
    client.force_login(ann, backend="accounts.backends.NameOrEmailBackend")
    return client


def share(owner: Client, **told: str) -> str:
    """The path of the link."""
    page = owner.post("/account/lists/share", {"title": "Mine", **told}, follow=True).content.decode()
    return re.search(r'href="http://testserver(/shared/[\w-]{32})"', page)[1]


def test_a_watchlist_is_read_by_whoever_has_the_link(owner, ann, client, django_assert_max_num_queries):
    add_to_watchlist(user=ann, movie_id=100)
    path = share(owner, kind="watchlist", title="To see  with <you>")
    with django_assert_max_num_queries(12):
        answer = client.get(path)
    page = answer.content.decode()
    assert "To see with &lt;you&gt;" in page
    assert "Fargo" in page
    assert "1 film, by ann" in page
    assert f'content="http://testserver{path}.png"' in page
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in answer["Cache-Control"]
    # It is read as it is now, and nothing on it can be changed.
    add_to_watchlist(user=ann, movie_id=50)
    page = client.get(path).content.decode()
    assert "Star Wars" in page
    assert "/account/" not in re.sub(r"(?s)<header.*?</header>|<footer.*", "", page)
    assert "<form" not in re.sub(r"(?s)<header.*?</header>|<footer.*", "", page)


def test_the_picture_is_a_png_that_messengers_take(owner, ann, client):
    rate_movie(user=ann, movie_id=7, stars=5)
    answer = client.get(share(owner, kind="ratings") + ".png")
    assert answer["Content-Type"] == "image/png"
    with Image.open(io.BytesIO(answer.content)) as picture:
        assert (picture.format, picture.size) == ("PNG", (1200, 630))
        assert len(picture.getcolors(maxcolors=2**20)) > 20
    assert len(answer.content) < 300_000


def test_a_link_that_is_taken_back_shows_nothing(owner, ann, client):
    path = share(owner, kind="watchlist")
    number = SharedList.objects.get().pk
    client.force_login(User.objects.create_user("eve"), backend="accounts.backends.NameOrEmailBackend")
    client.post(f"/account/lists/shared/{number}/revoke")
    assert client.get(path).status_code == 200
    page = owner.post(f"/account/lists/shared/{number}/revoke", follow=True).content.decode()
    assert "nobody sees anything under it any more" in page
    assert path not in page
    for gone in (path, f"{path}.png", "/shared/" + "x" * 32):
        answer = client.get(gone)
        assert answer.status_code == 404
        assert "This list is not shared" in answer.content.decode()


def test_the_page_of_a_deleted_account_is_gone(owner, ann, client):
    path = share(owner, kind="watchlist")
    delete_account(user=ann)
    assert client.get(path).status_code == 404


def test_lists_of_ones_own_are_seen_and_shared(owner, ann, client):
    made = FilmList.objects.create(user=ann, name="Snow")
    for place, number in enumerate((100, 50), 1):
        FilmListEntry.objects.create(
            film_list=made, movie=Movie.objects.get(movielens_id=number), place=place
        )
    page = owner.get(f"/account/lists/{made.pk}").content.decode()
    assert page.index("Fargo") < page.index("Star Wars")
    page = client.get(share(owner, kind="list", list=str(made.pk))).content.decode()
    assert page.index("Fargo") < page.index("Star Wars")
    # Nobody else's.
    other = FilmList.objects.create(user=User.objects.create_user("eve"), name="Secret")
    page = owner.post(
        "/account/lists/share", {"kind": "list", "list": str(other.pk), "title": "x"}, follow=True
    ).content.decode()
    assert "Your account has no such list." in page
    assert (
        "Your account has no such list."
        in owner.get(f"/account/lists/{other.pk}", follow=True).content.decode()
    )


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"kind": "watchlist", "title": " "}, "Title: write 1 to 100 characters"),
        ({"kind": "watchlist", "title": "x" * 101}, "Title: write 1 to 100 characters"),
        ({"kind": "secrets", "title": "x"}, "There is no list of the kind “secrets”."),
        ({"kind": "list", "list": "9" * 30, "title": "x"}, "Your account has no such list."),
    ],
)
def test_what_cannot_be_shared_is_said(owner, told, sentence):
    assert sentence in owner.post("/account/lists/share", told, follow=True).content.decode()
    assert not SharedList.objects.exists()


def test_nobody_shares_without_end(owner, ann):
    SharedList.objects.bulk_create(
        SharedList(user=ann, kind="watchlist", title="x", token=f"{n:032}") for n in range(MOST_SHARED)
    )
    page = owner.post(
        "/account/lists/share", {"kind": "watchlist", "title": "x"}, follow=True
    ).content.decode()
    assert f"You share {MOST_SHARED} lists already." in page
