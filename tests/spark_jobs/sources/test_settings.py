"""``dataset.toml``: what it may say, and how a mistake is told."""

from __future__ import annotations

import pytest

from spark_jobs.data_files import DataError
from spark_jobs.sources import recognise
from spark_jobs.sources.base import FILMS, RATINGS, SCALES

GOOD = """\
name = "club"
scale = "0-10"
separator = ";"

[ratings]
file = "votes.txt"
person = "Member"
film = "No."
stars = "Points"

[films]
file = "archive/list.csv"
film = "No."
title = "Name of the film"
list_separator = "/"
"""


@pytest.fixture
def club(tmp_path):
    (tmp_path / "votes.txt").write_text("Member;No.;Points;Remark\nann;007;9;-\n")
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "list.csv").write_text("No.;Name of the film;Genres\n007;Dr. No;Spy/Action\n")
    (tmp_path / "dataset.toml").write_text(GOOD)
    return tmp_path


def test_columns_scale_and_files_are_as_it_says(club):
    source = recognise(club)
    assert (source.name, source.scale) == ("club", SCALES["0-10"])
    assert source.tables[RATINGS].columns == {"person": "Member", "film": "No.", "stars": "Points"}
    assert source.tables[RATINGS].left_out == ("Remark",)
    assert source.tables[FILMS].columns == {"film": "No.", "title": "Name of the film", "genres": "Genres"}
    assert (source.tables[FILMS].separator, source.tables[FILMS].list_separator) == (";", "/")


@pytest.mark.parametrize(
    ("wrong", "right", "message"),
    [
        ("scael", "scale", r"line 2: scael is no name; did you mean scale\?"),
        ("[ratigns]", "[ratings]", r"line 5: ratigns is no name; did you mean ratings\?"),
        ("persn", "person", r"line 7: persn is no name in \[ratings\]; did you mean person\?"),
        ('"0-9"', '"0-10"', r"line 2: 0-9 is no scale; did you mean 0-"),
        ('"Membre"', '"Member"', r"line 7: votes\.txt has no column Membre; did you mean Member\?"),
        ('"vote.txt"', '"votes.txt"', r"line 6: there is no file vote\.txt; did you mean votes\.txt\?"),
        ("list_separator = 3", 'list_separator = "/"', r"line 15: list_separator is 3; expected text"),
        ("name = club", 'name = "club"', "is no TOML: .*line 1"),
        (
            'encoding = "utf-88"\nname = "club"',
            'name = "club"',
            r"line 1: utf-88 is no encoding; did you mean utf-8\?",
        ),
    ],
)
def test_a_mistake_is_told_with_its_line_and_the_nearest_name(club, wrong, right, message):
    assert GOOD.count(right) >= 1
    (club / "dataset.toml").write_text(GOOD.replace(right, wrong, 1))
    with pytest.raises(DataError, match=message):
        recognise(club)


def test_a_folder_with_settings_needs_ratings(tmp_path):
    (tmp_path / "dataset.toml").write_text('name = "x"\n')
    with pytest.raises(DataError, match="no table of ratings; name it there"):
        recognise(tmp_path)


def test_dotted_names_are_told_with_their_line_as_well(tmp_path):
    (tmp_path / "votes.csv").write_text("a,b\n1,2\n")
    (tmp_path / "dataset.toml").write_text('ratings.file = "votes.csv"\nratings.persn = "a"\n')
    with pytest.raises(DataError, match=r"line 2: persn is no name in \[ratings\]; did you mean person\?"):
        recognise(tmp_path)


def test_two_tables_of_the_same_are_refused_unless_one_is_named(tmp_path):
    (tmp_path / "ratings.csv").write_text("user,film,rating\n1,1,5\n")
    (tmp_path / "users.csv").write_text("user,age\n1,20\n")
    (tmp_path / "people.csv").write_text("person,age\n1,30\n")
    with pytest.raises(DataError, match=r"people\.csv and users\.csv may both be the table of people"):
        recognise(tmp_path)
    (tmp_path / "dataset.toml").write_text('[people]\nfile = "users.csv"\n')
    source = recognise(tmp_path)
    assert [file.name for file in source.tables["people"].files] == ["users.csv"]
    assert source.left_out == ("people.csv",)
