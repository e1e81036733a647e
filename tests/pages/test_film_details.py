"""What the film page, the search and the API tell of a film beside its title; what is not known is not there."""

import re

import pytest

from recommendations.models import Credit, Movie
from recommendations.selectors.film_details import forget_known_facts
from recommendations.services.catalogue import MovieRecord, import_catalogue
from tests.pages.made_up_site import champion, made_up_site

__all__ = ["champion", "made_up_site"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def films():
    known = {"cast": ["Frances McDormand", "William H. Macy"], "directors": ["Joel Coen"], "language": "en"}
    import_catalogue(
        movies=[
            MovieRecord(
                1, "Fargo", "Fargo (1996)", 1996, ("Crime",), 500, imdb_id="tt0116282", tmdb_id=275,
                overview="A policewoman <investigates>.", runtime=98, **known,
            ),
            MovieRecord(2, "Burn", "Burn (2008)", 2008, ("Comedy",), 90, **known),
            MovieRecord(3, "Blood", "Blood (1984)", 1984, ("Crime",), 80, **known),
            MovieRecord(4, "Tides", "Tides (1988)", 1988, ("Drama",), 5, language="French"),
        ]
    )  # fmt: skip


def test_the_page_tells_plot_people_language_length_and_links(client, films):
    page = client.get("/films/1/").content.decode()
    assert "A policewoman &lt;investigates&gt;." in page
    assert "Overview from ml-100k" in page
    assert '<a href="/search/?person=Frances%20McDormand">Frances McDormand</a>' in page
    assert "<dd>1 h 38 min</dd>" in page
    assert ">English</a>" in page
    assert 'href="https://www.imdb.com/title/tt0116282/"' in page
    assert 'href="https://www.themoviedb.org/movie/275"' in page


def test_more_with_a_person_are_their_other_films_best_known_first(client, films):
    page = client.get("/films/1/").content.decode()
    row = page[page.index("More with Joel Coen") :]
    assert row.index("Burn") < row.index("Blood")
    assert "Tides" not in row


def test_in_french_as_well(client, films):
    page = client.get("/films/1/", headers={"Accept-Language": "fr"}).content.decode()
    assert "D’autres films avec Joel Coen" in page
    assert ">Anglais</a>" in page


def test_a_film_of_which_nothing_is_known_has_no_such_panel(client, films):
    import_catalogue(movies=[MovieRecord(9, "Bare", "Bare (1990)", 1990, ("Drama",), 5)])
    page = client.get("/films/9/").content.decode()
    assert "About the film" not in page
    assert "More with" not in page


@pytest.mark.parametrize(("query", "found"), [
    ("person=frances mcdormand", {"Fargo", "Burn", "Blood"}), ("person=McDormand", {"Fargo", "Burn", "Blood"}),
    ("language=French", {"Tides"}), ("person=joel coen&genre=Crime", {"Fargo", "Blood"}), ("person=nobody", set()),
])  # fmt: skip
def test_search_is_narrowed_by_person_and_language(client, films, query, found):
    films = client.get(f"/api/v1/films/?{query}").json()["items"]
    assert {film["title"] for film in films} == found
    page = client.get(f"/search/?{query}").content.decode()
    assert {title for title in ("Fargo", "Burn", "Blood", "Tides") if f">{title}</span>" in page} == found


def test_the_search_asks_only_for_what_the_data_know(client, films):
    assert 'id="search_person"' in client.get("/search/").content.decode()
    import_catalogue(movies=[MovieRecord(9, "Bare", "Bare (1990)", 1990, (), 5)])
    page = client.get("/search/").content.decode()
    assert 'id="search_person"' not in page
    assert 'id="search_language"' not in page


def test_the_api_tells_the_same(client, films):
    told = client.get("/api/v1/films/1/").json()
    assert (told["cast"], told["directors"]) == (["Frances McDormand", "William H. Macy"], ["Joel Coen"])
    assert told["links"][0] == {"name": "IMDb", "url": "https://www.imdb.com/title/tt0116282/"}
    assert client.get("/api/v1/films/4/").json()["overview"] == ""


@pytest.fixture
def credited(made_up_site, champion):
    """Somebody in every tenth film, of which the visitor likes three, and a language for half of the films."""
    forget_known_facts()
    numbers = champion.artefact.movie_ids[::10].tolist()
    for movie in Movie.objects.filter(movielens_id__in=numbers):
        Credit.objects.create(movie=movie, role=Credit.Role.ACTOR, name="Ana Ruiz", folded="ana ruiz")
    Movie.objects.filter(movielens_id__in=champion.artefact.movie_ids[::2]).update(language="fr")
    yield numbers
    forget_known_facts()


def test_a_list_has_a_row_of_somebody_whose_films_are_liked_and_can_be_narrowed_to_them(
    client, credited, champion
):
    client.post("/recommend_session", {"way": "newcomer"})
    for number in credited[:3]:
        client.post(f"/films/{number}/rate", {"stars": 5})
    page = client.get("/results?k=5").content.decode()
    row = page[page.index("More with Ana Ruiz") :].partition("</section>")[0]
    shown = {int(number) for number in re.findall(r"/films/(\d+)/why", row)}
    assert len(shown) >= 4
    assert shown <= set(credited[3:])
    only = client.get("/results", {"filter": "with:Ana Ruiz"}).content.decode()
    listed = {int(number) for number in re.findall(r'id="film-(\d+)"', only)}
    assert listed
    assert listed <= set(credited)
    assert "With Ana Ruiz" in only
    french = client.get("/results", {"filter": "in:fr,with:Ana Ruiz"}).content.decode()
    assert 'aria-labelledby="filter-languages"' in french
    found = {int(number) for number in re.findall(r'id="film-(\d+)"', french)}
    assert found <= set(credited) & set(champion.artefact.movie_ids[::2].tolist())


def test_a_name_that_nobody_has_says_how_many_films_there_are_without_it(client, credited, champion):
    client.post("/recommend_session", {"way": "newcomer"})
    page = client.get("/results", {"filter": "with:Nobody Known"}).content.decode()
    assert "With Nobody Known" in page
    assert 'id="film-' not in page
    assert re.search(rf"{len(champion.artefact.movie_ids)} films", page)
