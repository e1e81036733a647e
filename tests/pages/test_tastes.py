"""The first minute: tastes to pick, the list that follows each click, and what it makes of them."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import numpy as np
import pytest

from accounts.models import User
from recommendations.ranking.genres import GENRES
from recommendations.ranking.tastes import GROUPS, SHOWN, TasteGroup, taste_groups
from recommendations.selectors.lists import world
from tests.pages.made_up_site import champion, made_up_site
from tests.ranking.factories import make_artefact

__all__ = ["champion", "made_up_site"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("made_up_site")]


@pytest.fixture
def groups(champion, monkeypatch) -> tuple[TasteGroup, ...]:
    """Westerns of the 1980s, and musicals: three films each."""
    artefact = champion.artefact

    def of(genre: str, decade: int | None = None) -> TasteGroup:
        fits = artefact.genres[:, GENRES.index(genre)] > 0
        fits &= (artefact.decades == decade) if decade else True
        return TasteGroup(tuple(np.flatnonzero(fits)[:3].tolist()), (genre,), decade)

    found = (of("Western", 1980), of("Musical"))
    monkeypatch.setattr(world, "require_champion", lambda: replace(champion, groups=found))
    return found


def numbers(champion, group: TasteGroup) -> str:
    return ",".join(str(champion.artefact.movie_ids[film]) for film in group.films)


def read(client, address: str) -> str:
    return html.unescape(client.get(address).content.decode())


def top_of(text: str) -> list[str]:
    return re.findall(r'href="/films/(\d+)/"', text.split('class="asking__top"')[1].split("</ol>")[0])


def test_the_start_page_has_it_all_without_typing(client, groups):
    text = read(client, "/")
    assert "Westerns of the 1980s" in text
    assert "Musicals" in text
    assert text.count('class="tile"') == 2
    assert len(top_of(text)) == 5
    assert text.count('class="asking__film"') == 6
    assert text.index("Musicals") < text.index("Other ways to start") < text.index('name="age"')
    assert client.session.get("person") is None, "looking is no visit"


def test_each_click_moves_the_list_and_can_be_taken_back(client, champion, groups):
    before = top_of(read(client, "/"))
    films = numbers(champion, groups[0])
    answer = client.post("/start/tastes", {"films": films, "next": "/"})
    assert (answer.status_code, answer["Location"]) == (303, "/")
    text = read(client, "/")
    assert top_of(text) != before
    assert re.search(rf'tile--on" name="films" value="{films}" aria-pressed="true"', text)
    assert "It follows what you have picked" in text
    part = client.post(
        "/start/tastes", {"films": films, "next": "/"}, HTTP_HX_REQUEST="true"
    ).content.decode()
    assert "<html" not in part
    assert top_of(part) == before
    assert "tile--on" not in part


def test_picked_films_stay_in_the_list_and_are_no_ratings(client, champion, groups):
    films = numbers(champion, groups[1])
    client.post("/start/tastes", {"films": films})
    text = read(client, "/results?k=100")
    listed = set(re.findall(r'id="film-(\d+)"', text))
    assert set(films.split(",")) <= listed, "nobody has seen them"
    assert "None in this visit yet" in text
    assert "Because you" not in text
    assert "It fits a taste that you picked." in text
    assert ", of a taste you picked" in read(client, f"/films/{films.split(',')[0]}/why")
    assert "<dt>Mean stars</dt>" not in read(client, "/taste")


def test_what_is_no_taste_is_refused(client, groups):
    for sent in ("", "3", "3,5,x", "999999"):
        answer = client.post("/start/tastes", {"films": sent})
        assert answer.status_code == 400
        assert "There is no such taste any more." in html.unescape(answer.content.decode())


def test_an_account_keeps_them(client, champion, groups):
    user = User.objects.create_user("ann", password="a long sentence")
    films = numbers(champion, groups[0])
    client.post("/start/tastes", {"films": films})
    client.post("/account/sign-in", {"name": "ann", "password": "a long sentence"})
    assert user.pickedmovie_set.count() == 3
    assert "tile--on" in read(client, "/start")
    client.post("/start/tastes", {"films": films})
    assert user.pickedmovie_set.count() == 0


def test_in_french(client, groups):
    text = html.unescape(client.get("/", HTTP_ACCEPT_LANGUAGE="fr").content.decode())
    assert "Les westerns des années 1980" in text
    assert "Choisissez ce que vous aimez" in text


def test_groups_of_a_model_are_the_same_again_and_named_by_what_they_are(champion):
    wide = make_artefact(films=1700)
    found = taste_groups(wide)
    assert found == taste_groups(wide)
    assert 0 < len(found) <= GROUPS
    names = [(group.genres, group.decade) for group in found]
    assert len(set(names)) == len(names)
    for group in found:
        assert 0 < len(group.films) <= SHOWN
        for genre in group.genres:
            assert wide.genres[list(group.films), GENRES.index(genre)].mean() >= 0.5
    assert taste_groups(make_artefact(films=20)) == (), "too few films to choose from"
