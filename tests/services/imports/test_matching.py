"""Titles and years of elsewhere to films of the catalogue: sure, doubtful or not there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommendations.ranking.titles import find_twins, fold_title
from recommendations.services.imports import matching
from recommendations.services.imports.matching import CatalogueFilm, Matcher
from recommendations.services.imports.parsing import ParsedRating

FILMS = (
    CatalogueFilm(50, "Star Wars", "Star Wars (1977)", 1977),
    CatalogueFilm(127, "The Godfather", "Godfather, The (1972)", 1972),
    CatalogueFilm(246, "Chasing Amy", "Chasing Amy (1997)", 1997),
    CatalogueFilm(268, "Chasing Amy", "Chasing Amy (1997)", 1997),
    CatalogueFilm(14, "Postino, Il", "Postino, Il (1994)", 1994),
    CatalogueFilm(30, "Belle de jour", "Belle de jour (1967)", 1967),
    CatalogueFilm(1, "Sabrina", "Sabrina (1954)", 1954),
    CatalogueFilm(2, "Sabrina", "Sabrina (1995)", 1995),
    CatalogueFilm(3, "Romeo + Juliet", "William Shakespeare's Romeo and Juliet (1996)", 1996),
    CatalogueFilm(6, "Shanghai Triad", "Shanghai Triad (Yao a yao yao dao waipo qiao) (1995)", 1995),
    CatalogueFilm(267, "unknown", "unknown", None),
    CatalogueFilm(172, "The Empire Strikes Back", "Empire Strikes Back, The (1980)", 1980),
    CatalogueFilm(174, "Raiders of the Lost Ark", "Raiders of the Lost Ark (1981)", 1981),
    CatalogueFilm(55, "The Professional", "Professional, The (1994)", 1994),
    CatalogueFilm(187, "The Godfather: Part II", "Godfather: Part II, The (1974)", 1974),
    CatalogueFilm(452, "Jaws 2", "Jaws 2 (1978)", 1978),
    CatalogueFilm(474, "Dr. Strangelove or: How I Learned", "Dr. Strangelove or: How I Learned (1963)", 1963),
    CatalogueFilm(318, "Schindler's List", "Schindler's List (1993)", 1993),
    CatalogueFilm(1005, "La Double vie (The Double Life)", "Double vie, La (Double Life, The) (1991)", 1991),
    CatalogueFilm(543, "Air Bud", "Air Bud (1997)", 1997),
)


def match(title, year=None, movie_id=None):
    found = Matcher(FILMS).match(ParsedRating(2, title, year, movie_id, 4, None))
    return found.sure.movie_id if found.sure else [film.movie_id for film in found.candidates]


@pytest.mark.parametrize(
    ("title", "year", "expected"),
    [
        ("star wars", 1977, 50),
        ("GODFATHER, THE", 1972, 127),
        ("Godfather", 1972, 127),
        ("Il Postino", 1994, 14),
        ("Bèlle dé Jour", 1967, 30),
        ("The Godfather (1972)", None, 127),
        ("Chasing Amy", 1997, 246),  # twice in the data: the better known one
        ("Sabrina", 1995, 2),
        ("Yao a yao yao dao waipo qiao", 1995, 6),
        ("Star Wars", 1978, [50]),
        ("Star Wars", None, [50]),
        ("Sabrina", None, [1, 2]),
        ("Star Wars: Episode IV - A New Hope", 1977, [50]),
        ("The Godfathr", 1972, [127]),
        ("Star Wars", 1999, []),
        ("Heat", 1995, []),
        ("🎬", 1995, []),
        ("", 1995, []),
    ],
)
def test_titles(title, year, expected):
    assert match(title, year) == expected


@pytest.mark.parametrize(
    ("title", "year", "likely"),
    [
        ("Star Wars", 1978, 50),
        ("Star Wars", None, 50),
        ("Sabrina", None, None),
        ("Star Wars: Episode IV - A New Hope", 1977, 50),
        ("Star Wars: Episode V - The Empire Strikes Back", 1980, 172),
        ("Star Wars: Episode V - The Empire Strikes Back (Theatrical Version)", None, 172),
        ("Star Wars: The Last Jedi", None, None),
        ("Indiana Jones and the Raiders of the Lost Ark", 1981, 174),
        ("Léon: The Professional", 1994, 55),
        ("The Empire Strikes Back - Special Edition", 1980, 172),
        ("Dr. Strangelove", 1964, 474),
        ("Schindlers Liste", 1993, 318),
        ("The Godfathr", 1972, 127),
        ("Jaws 3", 1978, None),
        ("Air Bud: Golden Receiver", 1998, None),
        ("Unknown", 2006, None),
    ],
)
def test_what_is_as_good_as_sure_is_likely(title, year, likely):
    found = Matcher(FILMS).match(ParsedRating(2, title, year, None, 4, None))
    assert found.sure is None
    assert (found.likely and found.likely.movie_id) == likely
    assert found.likely is None or found.likely in found.candidates


@pytest.mark.parametrize(
    ("title", "original", "year", "expected"),
    [
        ("Le Parrain", "The Godfather", 1972, 127),
        ("Godfather 2", "", 1974, 187),
        ("The Godfather Part Two", "", 1974, 187),
        ("The Double Life (a.k.a. La Double vie)", "", 1991, 1005),
        ("Romeo + Juliet", "", 1996, 3),
        ("Starwars (Special Edition)", "", 1977, 50),
        ("Schindlers List", "", 1993, 318),
    ],
)
def test_other_columns_numerals_and_main_titles_are_sure(title, original, year, expected):
    found = Matcher(FILMS).match(ParsedRating(2, title, year, None, 4, None, original=original))
    assert found.sure is not None
    assert found.sure.movie_id == expected


def test_a_film_under_two_numbers_is_one():
    assert find_twins(
        [(268, "Chasing Amy", 1997), (246, "chasing amy", 1997), (1, "X", None), (2, "X", None)]
    ) == {246: 268}
    assert match("", None, 268) == match("Chasing Amy", 1997, 268) == 246


HOSTILE = ("(" * 200, "(a)" * 66, "x" + " " * 198 + "y", "a: " * 66, "one " * 50, "Godfathxr", "\ufdfa" * 200)


@pytest.mark.parametrize("title", HOSTILE)
def test_the_work_for_a_title_has_a_bound(title, monkeypatch):
    """Counted, not timed: how many titles are compared letter by letter, looked up and folded for one row."""
    crowd = [
        CatalogueFilm(1000 + n, f"Film number {n}", f"Film number {n} (1972)", 1972) for n in range(3000)
    ]
    matcher = Matcher([*FILMS, *crowd])
    compared, folded = [], []
    extract, words = matching.process.extract, matching.title_words
    monkeypatch.setattr(
        matching.process,
        "extract",
        lambda key, titles, **more: compared.extend(titles) or extract(key, titles, **more),
    )
    monkeypatch.setattr(matching, "title_words", lambda text: folded.append(len(text)) or words(text))
    matcher.match(ParsedRating(2, title, 1972, None, 4, None))
    assert len(compared) <= 10
    assert len(folded) <= 10
    assert sum(folded) <= 4 * 200


def test_numbers_and_titles_that_contradict_each_other():
    assert match("", None, 50) == 50
    assert match("", None, 9999) == []
    assert match("Star Wars", 1977, 50) == 50
    assert match("The Godfather", 1972, 50) == 127
    assert match("Something else", 1972, 50) == [50]


def test_folding():
    assert fold_title("L'Été, The") == fold_title("lete, the") or fold_title("L'Été") == "ete"
    assert fold_title("Beavis & Butt-head") == fold_title("beavis AND butt head")
    assert fold_title("The") == "the"
    assert fold_title("Straße") == "strasse"


@given(st.text(max_size=60), st.integers(min_value=1, max_value=9999) | st.none())
def test_any_title_is_answered(title, year):
    assert fold_title(fold_title(title)) == fold_title(title)
    match(title, year)
