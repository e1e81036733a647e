"""Facts from elsewhere: which film they are about, what they add, and how they go again."""

from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from recommendations.models import Enrichment, Movie
from recommendations.services.catalogue import MovieRecord, import_catalogue
from recommendations.services.enrichment.enriching import match_facts
from recommendations.services.enrichment.export import facts_digest, write_facts
from recommendations.services.enrichment.reading import read_facts
from spark_jobs.data_files import DataError

pytestmark = pytest.mark.django_db

FILMS = [
    MovieRecord(1, "The Lantern", "Lantern, The (1994)", 1994, ("Drama",), 40, imdb_id="tt0000011", key="a"),
    MovieRecord(
        2, "Night Ferry", "Night Ferry (1990)", 1990, ("Crime",), 30, key="b", overview="Its own words."
    ),
    MovieRecord(3, "Night Ferry", "Night Ferry (2011)", 2011, ("Crime",), 10, key="c"),
    MovieRecord(4, "Les Marées", "Les Marées (1988)", 1988, ("Drama",), 5, key="d"),
]
ENTRIES = [
    {
        "title": "Lantern",
        "year": 2003,
        "imdb": "0000011",
        "plot": "A lamp keeper waits.",
        "actors": ["Ana Ruiz"],
    },
    {
        "title": "Night Ferry",
        "year": 1990,
        "plot": "Another plot.",
        "director": "Jo Vale",
        "runtime": "97 min",
    },
    {"title": "Les marees", "year": 1989, "plot": "The tide turns."},
    {"title": "Unheard of", "year": 1950, "plot": "Nothing."},
]


@pytest.fixture(autouse=True)
def catalogue():
    import_catalogue(movies=FILMS)


@pytest.fixture
def facts(tmp_path) -> Path:
    folder = tmp_path / "plots"
    folder.mkdir()
    lines = "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in ENTRIES)
    (folder / "films.jsonl").write_text(lines, encoding="utf-8")
    return folder


def told(*arguments: object) -> str:
    out = StringIO()
    call_command("enrich", *map(str, arguments), stdout=out)
    return out.getvalue()


def film(number: int) -> Movie:
    return Movie.objects.get(movielens_id=number)


def test_numbers_and_titles_with_their_year_find_films_and_doubts_are_listed(facts):
    found = match_facts(read_facts(facts).rows)
    assert {number: row.title for number, row in found.by_film.items()} == {1: "Lantern", 2: "Night Ferry"}
    assert [(doubt.row.title, doubt.why, doubt.films[0][0]) for doubt in found.doubts] == [
        ("Les marees", "likely", 4)
    ]
    assert found.missing == 1


def test_only_what_the_data_lack_is_added_and_its_source_is_named(facts):
    output = told("--from", facts)
    assert "Found 2 films; 1 entries are in doubt, 1 are no film of the catalogue" in output
    assert "likely: Les marees (1989) – Les Marées (1988), film 4" in output
    assert (film(1).overview, film(1).fact_sources["overview"]) == ("A lamp keeper waits.", "plots")
    assert (film(2).overview, film(2).runtime) == ("Its own words.", 97)
    assert film(2).fact_sources == {"runtime": "plots", "directors": "plots"}
    assert film(4).overview == ""


def test_likely_films_are_taken_where_they_are_wanted(facts):
    told("--from", facts, "--accept-likely")
    assert film(4).overview == "The tide turns."


def test_two_entries_for_one_film_are_doubts(tmp_path):
    path = tmp_path / "films.csv"
    path.write_text("title,year,plot\nNight Ferry,2011,One\nNight Ferry,2011,Two\n", encoding="utf-8")
    found = match_facts(read_facts(path).rows)
    assert (found.by_film, [doubt.why for doubt in found.doubts]) == ({}, ["twice", "twice"])


def test_a_dry_run_changes_nothing_and_doubts_can_be_written(facts, tmp_path):
    assert "Nothing was changed" in told("--from", facts, "--dry-run", "--doubts", tmp_path / "doubts.csv")
    assert not Enrichment.objects.exists()
    assert (tmp_path / "doubts.csv").read_text(encoding="utf-8").splitlines()[1] == (
        'likely,"films.jsonl, 3",Les marees,1989,4,Les Marées,1988'
    )


def test_a_second_time_replaces_the_first_and_it_can_be_taken_away(facts):
    told("--from", facts, "--name", "Plots")
    told("--from", facts, "--name", "Plots")
    assert Enrichment.objects.count() == 2
    assert "2 films have nothing from Plots any more." in told("--undo", "Plots")
    assert (film(1).overview, film(1).fact_sources, film(1).imdb_id) == ("", {}, "tt0000011")
    assert film(2).overview == "Its own words."
    assert film(2).credits.count() == 0
    with pytest.raises(CommandError, match=r"Nothing is from Plots; there is: nothing\."):
        told("--undo", "Plots")


def test_facts_stay_when_the_data_come_again_and_wait_for_their_data_set(facts):
    told("--from", facts)
    import_catalogue(movies=FILMS)
    assert film(1).overview == "A lamp keeper waits."
    import_catalogue(movies=[replace(FILMS[0], source="other", overview="Of the other data")])
    assert film(1).overview == "Of the other data"
    import_catalogue(movies=FILMS)
    assert film(1).overview == "A lamp keeper waits."


def test_wikipedia_s_films_are_known_by_their_columns(tmp_path):
    entries = [{"title": "The Lantern", "year": 1994, "cast": ["Ana Ruiz"], "genres": ["Drama"],
                "href": "The_Lantern_(film)", "extract": "The Lantern is a film."}]  # fmt: skip
    (tmp_path / "movies-1990s.json").write_text(json.dumps(entries), encoding="utf-8")
    told("--from", tmp_path)
    assert film(1).overview_url == "https://en.wikipedia.org/wiki/The_Lantern_(film)"
    assert film(1).fact_sources["overview"] == "Wikipedia"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [("films.csv", "colour,size\nred,3\n", "has no column for the title"), ("notes.pdf", "x", "holds no table of films"),
     ("films.json", "{broken", "is neither JSON nor JSON Lines")],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_one_sentence(tmp_path, name, content, message):
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        read_facts(tmp_path)


def test_training_gets_the_facts_and_notices_a_change(facts, tmp_path):
    assert (write_facts(path=tmp_path / "none.jsonl"), facts_digest()) == (None, b"")
    told("--from", facts)
    path = write_facts(path=tmp_path / "facts.jsonl")
    assert path is not None
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert {(line["dataset"], line["key"]) for line in lines} == {("ml-100k", "a"), ("ml-100k", "b")}
    before = facts_digest()
    assert before == facts_digest()
    Enrichment.objects.filter(key="a").update(facts={"overview": "Another."})
    assert facts_digest() != before


def test_a_title_that_only_begins_alike_is_no_doubt(tmp_path):
    path = tmp_path / "films.csv"
    path.write_text("title,year,plot\nNight,1990,One\nNight Ferry,,Two\n", encoding="utf-8")
    found = match_facts(read_facts(path).rows)
    assert [(doubt.row.title, doubt.why, len(doubt.films)) for doubt in found.doubts] == [
        ("Night Ferry", "several", 2)
    ]
    assert found.missing == 1
