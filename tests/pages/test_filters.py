"""Filters of the list: in the address, with every form of the page, and what is offered if they leave too little."""

from __future__ import annotations

import html
import re

import numpy as np
import pytest

from recommendations.ranking.genres import GENRES
from tests.pages.made_up_site import champion, made_up_site

__all__ = ["champion", "made_up_site"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("made_up_site")]


@pytest.fixture
def page(client):
    client.post("/recommend_session", {"way": "newcomer"})

    def read(address: str, status: int = 200) -> str:
        answer = client.get(address)
        assert answer.status_code == status
        return html.unescape(answer.content.decode())

    return read


def films_of(text: str) -> list[int]:
    return [int(number) for number in re.findall(r'id="film-(\d+)"', text)]


def with_genre(champion, genre: str) -> set[int]:
    rows = np.flatnonzero(champion.artefact.genres[:, GENRES.index(genre)])
    return set(champion.artefact.movie_ids[rows].tolist())


def test_the_list_is_filled_from_what_fits_and_combined_with_dials(page, client, champion):
    westerns = with_genre(champion, "Western")
    text = page("/results?filter=Western&k=8")
    assert len(films_of(text)) == 8
    assert set(films_of(text)) <= westerns
    for row in re.findall(r'<section class="row .*?</section>', text, re.DOTALL):
        assert {int(number) for number in re.findall(r'href="/films/(\d+)/"', row)} <= westerns
    client.post("/dials", {"discovery": "1", "k": "8"})
    dialled = page("/results?filter=Western&k=8")
    assert set(films_of(dialled)) <= westerns
    assert films_of(dialled) != films_of(text)
    counts = dict(zip(champion.artefact.movie_ids.tolist(), champion.artefact.rating_count, strict=True))
    assert all(counts[number] >= 15 for number in films_of(dialled))


def test_chips_lead_to_the_list_with_and_without(page):
    text = page("/results?filter=Western,1980")
    assert re.search(r'chip--on" href="/results\?filter=1980" aria-current="true">Western', text)
    assert re.search(r'chip--on" href="/results\?filter=Western" aria-current="true">1980s', text)
    assert re.search(r'class="chip" href="/results\?filter=Comedy&filter=Western&filter=1980">Comedy', text)
    assert 'href="/results?filter=Western&filter=1980&filter=little-seen">Not seen by many' in text
    assert 'class="chip" href="/results?filter=Western&filter=1990">1990s' in text, "a film is of one decade"
    assert "aria-current" not in page("/results").split("filters__groups")[1].split("</nav>")[0]


def test_every_form_of_the_list_keeps_the_filters(page, client, champion):
    text = page("/results?filter=Western")
    first, second = films_of(text)[:2]
    forms = re.findall(r'<form class="marks".*?</form>', text, re.DOTALL)
    assert forms
    assert all('<input type="hidden" name="filter" value="Western">' in form for form in forms)
    answer = client.post(f"/films/{first}/hide", {"filter": "Western"})
    assert answer["Location"] == "/results?filter=Western"
    part = client.post(f"/films/{second}/rate", {"filter": "Western", "stars": 5}, HTTP_HX_REQUEST="true")
    assert set(films_of(part.content.decode())) <= with_genre(champion, "Western")
    assert 'name="filter" value="Western"' in part.content.decode().split("said__row")[1]
    odd = client.post(f"/films/{second}/rate", {"filter": "Wester", "stars": 4})
    assert odd["Location"] == "/results", "a rating is not refused because of it"


def test_filters_that_leave_nothing_say_so_and_offer_to_loosen_one(page, champion):
    text = page("/results?filter=Western&filter=Musical&filter=1950&filter=little-seen")
    assert films_of(text) == []
    assert "No film fits these filters" in text
    assert "You have seen or hidden every film" not in text
    offers = re.findall(r'href="([^"]+)">without “([^”]+)”: (\d+) film', text)
    for address, _label, count in offers:
        found = films_of(page(f"{address}&k=100"))
        assert len(found) == int(count) > 0
    alone = page("/results?filter=Western&filter=Musical&filter=Horror&filter=War&filter=1950")
    assert films_of(alone) == []
    assert "Show every film again" in alone


def test_too_few_films_say_how_many_there_are(page, champion):
    text = page("/results?filter=Western&k=100")
    count = len(films_of(text))
    assert count == len(with_genre(champion, "Western"))
    assert f"Only {count} films fit these filters." in text
    assert f"without “Western”: {len(champion.artefact.movie_ids)} films" in text


@pytest.mark.parametrize("address", ["filter=Wester", "filter=1965", "filter=1950&filter=1960"])
def test_what_is_no_filter_gets_a_sentence(page, address):
    assert "Choose genres of the list" in page(f"/results?{address}", status=400)


def test_in_french(client):
    client.post("/recommend_session", {"way": "newcomer"})
    text = html.unescape(
        client.get("/results?filter=Western,1980", HTTP_ACCEPT_LANGUAGE="fr").content.decode()
    )
    assert "Filtrer la liste" in text
    assert ">années 1980" in text.casefold()
