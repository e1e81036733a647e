"""French titles for those who read French."""

import pytest
from django.utils import translation

from recommendations.models import Movie
from recommendations.ranking.reasons import Reason, with_one_stop
from recommendations.search.queries import RankedFilm
from recommendations.selectors.catalogue import FilmFacts, best_known_films, film_facts, films_by_id
from recommendations.selectors.film_titles import shown_title
from recommendations.selectors.lists import recommendations
from recommendations.selectors.lists.champion import Champion
from recommendations.selectors.lists.person import Person
from recommendations.selectors.lists.world import look_at
from tests.ranking.factories import make_artefact, make_people


@pytest.mark.parametrize(
    ("title", "french"),
    [
        ("The Visitors (Les Visiteurs)", "Les Visiteurs"),
        ("The Horseman on the Roof (Le Hussard sur le toit)", "Le Hussard sur le toit"),
        ("When the Cats Away (Chacun cherche son chat)", "Chacun cherche son chat"),
        ("I Can't Sleep (J'ai pas sommeil)", "J'ai pas sommeil"),
        ("Ma vie en rose (My Life in Pink)", "Ma vie en rose"),
        ("La Double vie de Véronique (The Double Life of Veronique)", "La Double vie de Véronique"),
        ("The Eye of Vichy (L'Oeil de Vichy)", "L'Oeil de Vichy"),
        ("Nikita (La Femme Nikita)", "Nikita (La Femme Nikita)"),
        (
            "The Flower of My Secret (La Flor de mi secreto)",
            "The Flower of My Secret (La Flor de mi secreto)",
        ),
        ("I, Worst of All (Yo, la peor de todas)", "I, Worst of All (Yo, la peor de todas)"),
        ("The Star Maker (L'Uomo delle stelle)", "The Star Maker (L'Uomo delle stelle)"),
        ("The Seventh Seal (Det Sjunde inseglet)", "The Seventh Seal (Det Sjunde inseglet)"),
        ("Seven (Se7en)", "Seven (Se7en)"),
        ("Star Wars", "Star Wars"),
    ],
)
def test_the_french_title_is_shown_in_french_alone(title, french):
    with translation.override("fr"):
        assert shown_title(title) == french
    with translation.override("en"):
        assert shown_title(title) == title


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("Because you loved When Harry Met Sally....", "Because you loved When Harry Met Sally..."),
        ("Because you loved O Brother, Where Art Thou?.", "Because you loved O Brother, Where Art Thou?"),
        ("Because you loved Oliver!.", "Because you loved Oliver!"),
        ("Parce que vous avez adoré « Oliver! ».", "Parce que vous avez adoré « Oliver! »."),
        ("Because you loved Alien.", "Because you loved Alien."),
    ],
)
def test_a_sentence_ends_once(sentence, shown):
    assert with_one_stop(sentence) == shown


def test_a_reason_ends_once(monkeypatch):
    facts = {1: FilmFacts(1, "Alien", 1979, ()), 2: FilmFacts(2, "When Harry Met Sally...", 1989, ())}
    monkeypatch.setattr(recommendations, "films_by_id", lambda **_asked: facts)
    reason = Reason("rated", movie_id=2, stars=5)
    monkeypatch.setattr(recommendations, "reasons_of_list", lambda *_asked, **_more: [reason])
    artefact = make_artefact()
    look = look_at(Person(), champion=Champion("v", "label", artefact, make_people(artefact)))
    listed, _facts = recommendations.describe_list(look, [RankedFilm(int(artefact.movie_ids[0]), 1.0)], k=1)
    assert listed.items[0].reason == "Because you loved When Harry Met Sally..."


@pytest.mark.django_db
def test_it_stands_wherever_films_are_read():
    title = "Hate (La Haine)"
    Movie.objects.create(movielens_id=1, title=title, original_title=f"{title} (1995)", rating_count=9)
    with translation.override("fr"):
        film = film_facts(movie_id=1)
        assert film is not None
        assert {film.title, films_by_id(movie_ids=[1])[1].title, best_known_films(limit=1)[0].title} == {
            "La Haine"
        }
