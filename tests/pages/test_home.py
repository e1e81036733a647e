"""The start page and its two forms, posted as a browser does."""

import re

import pytest
from django.test import Client

from recommendations.ranking.demographics import OCCUPATIONS, Demographics
from recommendations.selectors.lists.person import NoModelError, Person

pytestmark = pytest.mark.django_db
FRENCH = {"HTTP_ACCEPT_LANGUAGE": "fr"}


def test_home_offers_both_forms_with_labels_and_every_occupation(client):
    page = client.get("/").content.decode()
    assert page.count('action="/recommend_session"') == 2
    for label in ("known_user", "newcomer_age", "newcomer_occupation", "newcomer_gender_0"):
        assert f'<label for="{label}">' in page
    assert all(f'<option value="{occupation}">' in page for occupation in OCCUPATIONS)
    assert re.findall(r"<h(\d)", page) == ["1", "2", "2", "2"]


def test_home_speaks_the_language_of_the_browser_and_keeps_the_one_that_was_chosen(client):
    assert '<html lang="en">' in client.get("/").content.decode()
    french = client.get("/", **FRENCH).content.decode()
    assert '<html lang="fr">' in french
    assert "Montrez-moi des films" in french
    assert "Bibliothécaire" in french
    answer = client.post("/i18n/setlang/", {"language": "fr", "next": "/"})
    assert answer["Location"] == "/"
    assert '<html lang="fr">' in client.get("/", HTTP_ACCEPT_LANGUAGE="en").content.decode()


def test_known_person_is_remembered_and_shown(client, engine):
    response = client.post("/recommend_session", {"way": "known", "user": " 2 "})
    assert (response.status_code, response["Location"]) == (303, "/results")
    assert client.session["person"] == {"user": 2, "age": None, "gender": None, "occupation": None}
    assert "for MovieLens user 2" in client.get("/").content.decode()


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, Demographics()),
        ({"age": "30"}, Demographics(age=30)),
        (
            {"age": "5", "gender": "F", "occupation": "none"},
            Demographics(age=5, gender="F", occupation="none"),
        ),
        ({"age": "", "gender": "", "occupation": "writer"}, Demographics(occupation="writer")),
    ],
)
def test_newcomer_may_skip_anything(client, engine, fields, told):
    assert client.post("/recommend_session", {"way": "newcomer", **fields}).status_code == 303
    client.get("/results")
    assert engine.asked == [(Person(demographics=told), 10)]


def test_sending_twice_is_harmless(client, engine):
    for _ in range(2):
        assert client.post("/recommend_session", {"way": "newcomer", "age": "41"}).status_code == 303
    assert client.session["person"]["age"] == 41


@pytest.mark.parametrize(
    ("fields", "status", "sentence"),
    [
        ({"way": "known", "user": "999999"}, 404, "nobody in the data has the number 999999"),
        ({"way": "known", "user": "abc"}, 400, "MovieLens user number: “abc” is not a whole number"),
        ({"way": "known", "user": "1.5"}, 400, "“1.5” is not a whole number"),
        ({"way": "known", "user": "0"}, 400, "0 is too small"),
        ({"way": "known", "user": "-7"}, 400, "-7 is too small"),
        ({"way": "known", "user": ""}, 400, "nothing was typed"),
        ({"way": "known", "user": "9" * 5000}, 400, "is not a whole number"),
        ({"way": "newcomer", "age": "0"}, 400, "Age: 0 is too low"),
        ({"way": "newcomer", "age": "200"}, 400, "Age: 200 is too high"),
        ({"way": "newcomer", "age": "old"}, 400, "Age: “old” is not a whole number"),
        ({"way": "newcomer", "occupation": "wizard"}, 400, "Occupation: “wizard” is not in the list"),
        ({"way": "newcomer", "gender": "X"}, 400, "Gender: “X” is not known to the data"),
    ],
)
def test_bad_input_is_named_twice_and_nothing_is_remembered(client, engine, fields, status, sentence):
    response = client.post("/recommend_session", fields)
    page = response.content.decode()
    assert response.status_code == status
    assert page.count(sentence) == 2  # in the summary and beside the field
    assert 'class="error-summary" role="alert" tabindex="-1" autofocus' in page
    assert "person" not in client.session


def test_typed_text_is_shown_again_linked_and_escaped(client, engine):
    response = client.post("/recommend_session", {"way": "newcomer", "age": "<b>9", "occupation": "writer"})
    page = response.content.decode()
    field = re.search(r'<input[^>]*name="age"[^>]*>', page)[0]
    assert 'value="&lt;b&gt;9"' in field
    assert 'aria-invalid="true"' in field
    described = re.search(r'aria-describedby="([^"]*)"', field)[1].split()
    assert all(f'id="{target}"' in page for target in described)
    assert "newcomer_age_error" in described
    assert '<a href="#newcomer_age">' in page
    assert '<option value="writer" selected>' in page
    assert "<b>9" not in page


def test_bad_input_is_explained_in_french_with_french_spaces(client, engine):
    response = client.post("/recommend_session", {"way": "newcomer", "age": "200"}, **FRENCH)
    assert "Âge\N{NO-BREAK SPACE}: 200 est trop grand." in response.content.decode()


def test_without_a_model_the_choice_is_kept_for_the_page_of_the_list(client, engine):
    engine.error = NoModelError("none")
    assert client.post("/recommend_session", {"way": "known", "user": "2"}).status_code == 303


def test_opening_the_address_of_the_form_leads_home(client):
    assert client.get("/recommend_session")["Location"] == "/"
    assert client.put("/recommend_session").status_code == 405


def test_form_without_token_gets_a_page_that_explains(engine):
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/recommend_session", {"way": "known", "user": "2"}, **FRENCH)
    assert response.status_code == 403
    assert "Ce formulaire a expiré" in response.content.decode()
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', strict.get("/").content.decode())[1]
    fields = {"way": "known", "user": "2", "csrfmiddlewaretoken": token}
    assert strict.post("/recommend_session", fields).status_code == 303
