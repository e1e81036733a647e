"""The dials of the list."""

import pytest
from django.utils import translation

from recommendations.pages.dials_form import DialsForm
from recommendations.ranking.dials import Dials
from recommendations.ranking.genres import GENRES

pytestmark = pytest.mark.django_db


def test_dials_reach_the_engine_stay_and_are_shown(client, engine, as_person):
    as_person(way="newcomer")
    fields = {"discovery": "0.5", "diversity": "0.25", "decade": "1980", "genre-Comedy": "-0.5"}
    assert client.post("/dials", fields)["Location"] == "/results"
    page = client.get("/results").content.decode()
    assert engine.dials == Dials(genres={"Comedy": -0.5}, discovery=0.5, decade=1980, diversity=0.25)
    assert "4 dials turned" in page
    assert '<option value="-0.5" selected>less</option>' in page
    assert 'name="discovery" value="0.5"' in page


def test_reset_and_neutral_dials_are_neutral(client, engine, as_person):
    as_person(way="newcomer")
    client.post("/dials", {"discovery": "1"})
    part = client.post("/dials", {"discovery": "1", "reset": "1"}, HTTP_HX_REQUEST="true").content.decode()
    assert engine.dials == Dials()
    assert "all dials neutral" in part
    assert '<div id="dials" hx-swap-oob="true">' in part
    client.post("/dials", {"discovery": "0", "diversity": "0", "decade": "", "genre-War": "0.0"})
    client.get("/results")
    assert engine.dials.is_neutral


def test_turning_with_htmx_leaves_the_controls_alone(client, engine, as_person):
    as_person(way="newcomer")
    part = client.post("/dials", {"diversity": "1"}, HTTP_HX_REQUEST="true").content.decode()
    assert engine.dials == Dials(diversity=1.0)
    assert 'id="dials"' not in part
    assert "1 dial turned" in part


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"discovery": "2"}, "Dial “Well known or little known”: “2” does not fit; choose from -1 to 1."),
        ({"diversity": "-0.1"}, "Dial “Variety”: “-0.1” does not fit; choose from 0 to 1."),
        ({"diversity": "nan"}, "Dial “Variety”: “nan” does not fit"),
        ({"genre-War": "much"}, "Dial “War”: “much” does not fit"),
        ({"decade": "1985"}, "Dial “Decade”: “1985” does not fit"),
        ({"decade": "30000"}, "Dial “Decade”: “30000” does not fit"),
    ],
)
@pytest.mark.parametrize("extra", [{}, {"HTTP_HX_REQUEST": "true"}])
def test_dial_out_of_range_is_named_and_nothing_is_kept(client, engine, as_person, fields, sentence, extra):
    as_person(way="newcomer")
    response = client.post("/dials", fields, **extra)
    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert "dials" not in client.session


@pytest.mark.parametrize("kept", [3, {"genres": 3}, {"discovery": 7}, {"nonsense": 1}, {"discovery": "x"}])
def test_unreadable_dials_count_as_neutral(client, engine, as_person, kept):
    as_person(way="newcomer")
    session = client.session
    session["dials"] = kept
    session.save()
    assert client.get("/results").status_code == 200
    assert engine.dials == Dials()


def test_dials_speak_french():
    with translation.override("fr"):
        form = DialsForm({"genre-Film-Noir": "9"}, genres=GENRES)
        assert form.errors["genre-Film-Noir"][0].startswith(
            "Réglage «\N{NO-BREAK SPACE}Film noir\N{NO-BREAK SPACE}»"
        )
