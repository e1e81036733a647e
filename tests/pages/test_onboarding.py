"""Rating a handful of films with the list in sight: with htmx, with plain forms, and not at all."""

import pytest

from recommendations.models import Movie
from recommendations.selectors.catalogue import FilmFacts
from recommendations.selectors.lists import questions
from recommendations.selectors.lists.person import NoModelError, RatedMovie

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def asked(monkeypatch):
    """Films 1 to 9 may be asked about, in this order; remembers with what the selector was called."""
    Movie.objects.bulk_create(
        Movie(movielens_id=number, title=f"Film <{number}>", original_title=str(number))
        for number in range(1, 10)
    )
    calls = []

    def questions_for(look, *, count, shown, unseen):
        person = look.person
        calls.append((person, list(shown), list(unseen)))
        gone = {rating.movie_id for rating in person.ratings} | set(unseen)
        left = [number for number in range(1, 10) if number not in gone]
        return tuple(FilmFacts(number, f"Film <{number}>", None, ()) for number in left[:count])

    monkeypatch.setattr(questions, "questions_for", questions_for)
    return calls


def test_it_is_offered_on_the_list_and_never_forced(client, engine, as_person):
    as_person(way="newcomer")
    assert 'href="/start"' in client.get("/results").content.decode()
    for number in range(1, 6):
        client.post(f"/films/{number}/rate", {"stars": 4})
    assert 'href="/start"' not in client.get("/results").content.decode()
    as_person(way="known", user=2)
    assert 'href="/start"' not in client.get("/results").content.decode()


def test_an_answer_changes_films_and_list_in_one_request(client, engine, as_person, asked):
    as_person(way="newcomer")
    page = client.get("/start").content.decode()
    assert page.count('class="asking__film"') == 6
    assert "Film &lt;1&gt;" in page
    assert "Star Wars" in page
    assert "No rating yet" in page
    part = client.post("/films/1/answer", {"stars": "5"}, HTTP_HX_REQUEST="true").content.decode()
    assert "<html" not in part
    assert "You gave Film &lt;1&gt; 5 stars." in part
    assert "Film &lt;7&gt;" in part
    assert "1 rating so far" in part
    assert engine.asked[-1][0].ratings == (RatedMovie(1, 5),)
    assert asked[-1][1] == [1, 2, 3, 4, 5, 6]


def test_plain_forms_come_back_with_an_undo(client, engine, as_person):
    as_person(way="newcomer")
    response = client.post("/films/2/answer", {"stars": "1"})
    assert (response.status_code, response["Location"]) == (303, "/start")
    page = client.get("/start").content.decode()
    assert "You gave Film &lt;2&gt; 1 star." in page
    assert '<input type="hidden" name="next" value="/start">' in page
    undone = client.post("/films/2/unrate", {"undo": "1", "next": "/start"})
    assert undone["Location"] == "/start"
    assert engine.asked[-1][0].ratings != ()
    client.get("/start")
    assert engine.asked[-1][0].ratings == ()


def test_a_film_not_seen_costs_nothing_and_is_not_asked_again(client, engine, as_person, asked):
    as_person(way="newcomer")
    for _twice in range(2):
        client.post("/films/3/answer", {"unseen": "1"}, HTTP_HX_REQUEST="true")
    assert asked[-1][2] == [3]
    assert engine.asked[-1][0].ratings == ()
    page = client.get("/start").content.decode()
    assert "Film &lt;3&gt;" not in page
    assert "Ask again about 1 film I have not seen" in page
    client.post("/start/again")
    assert "Film &lt;3&gt;" in client.get("/start").content.decode()


@pytest.mark.parametrize("sent", [{}, {"stars": "0"}, {"stars": "6"}, {"stars": "²"}, {"stars": "five"}])
def test_other_answers_are_refused_with_the_way_out(client, engine, as_person, sent):
    as_person(way="newcomer")
    response = client.post("/films/1/answer", sent)
    assert response.status_code == 400
    assert "Give a film 1 to 5 stars, or say that you have not seen it." in response.content.decode()


def test_without_a_visit_or_a_model_it_says_so(client, engine, as_person, monkeypatch):
    assert client.get("/start")["Location"] == "/"
    as_person(way="newcomer")
    monkeypatch.setattr(
        questions, "questions_for", lambda look, **_asked: (_ for _ in ()).throw(NoModelError("none"))
    )
    assert client.get("/start").status_code == 503


def test_an_answer_on_the_start_page_begins_a_visit(client, engine):
    assert client.post("/films/1/answer", {"stars": "4", "next": "/begin"})["Location"] == "/begin"
    assert client.post("/films/1/answer", {"stars": "5", "next": "/"})["Location"] == "/"
    assert engine.asked == []
    client.get("/results")
    assert engine.asked[-1][0].ratings == (RatedMovie(1, 5),)


def test_everything_asked_is_a_page_as_well(client, engine, as_person, monkeypatch):
    as_person(way="newcomer")
    monkeypatch.setattr(questions, "questions_for", lambda look, **_asked: ())
    assert "about every film that is worth a question" in client.get("/start").content.decode()


def test_an_unreadable_session_counts_as_none(client, engine, as_person, asked):
    as_person(way="newcomer")
    session = client.session
    session["onboarding"] = {"shown": "x", "unseen": [1, "2", None]}
    session.save()
    assert client.get("/start").status_code == 200
    assert asked[-1][1:] == ([], [1])
