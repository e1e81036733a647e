"""Every reason to set a line aside, and what a good line becomes."""

from datetime import date

import pytest

from spark_jobs.transforms.lines import rejected
from spark_jobs.transforms.parse import check_references, parse_movies, parse_ratings, parse_users

pytestmark = pytest.mark.spark


def flags(*places: int) -> str:
    return "|".join("1" if place in places else "0" for place in range(19))


def reasons(frame):
    return [row["reason"] for row in frame.orderBy("line_number").collect()]


def test_a_rating_becomes_four_numbers(as_lines):
    row = parse_ratings(as_lines("196\t242\t3\t881250949")).first()
    assert (row["user_id"], row["movie_id"], row["stars"], row["rated_at"]) == (196, 242, 3, 881250949)
    assert row["reason"] is None


def test_every_way_in_which_a_rating_can_be_wrong(as_lines):
    cases = {
        "1\t2\t3": "expected 4 columns separated by tabs",
        "1\t2\t3\t4\t5": "expected 4 columns separated by tabs",
        "1|2|3|881250949": "expected 4 columns separated by tabs",
        "\x00\x01\x02": "expected 4 columns separated by tabs",
        "ann\t2\t3\t881250949": "the person's number is not a whole number",
        "-1\t2\t3\t881250949": "the person's number is not a whole number",
        "1234567890123456789\t2\t3\t881250949": "the person's number has more than 18 digits",
        "1\t1234567890123456789\t3\t881250949": "the film's number has more than 18 digits",
        "12345678901\t2\t3\t881250949": None,
        "1\t2\t3\t8812\x0050949": "the line holds NUL bytes",
        "1\t\t3\t881250949": "the film's number is not a whole number",
        "1\t2.5\t3\t881250949": "the film's number is not a whole number",
        "1\t2\tNaN\t881250949": "the stars are not a whole number",
        "1\t2\t3.5\t881250949": "the stars are not a whole number",
        "1\t2\t0\t881250949": "the stars are not between 1 and 5",
        "1\t2\t6\t881250949": "the stars are not between 1 and 5",
        "1\t2\t3\tyesterday": "the time is not a whole number of seconds",
        "1\t2\t3\t-5": "the time is not a whole number of seconds",
        "1\t2\t3\t": "the time is not a whole number of seconds",
    }
    assert reasons(parse_ratings(as_lines(*cases))) == list(cases.values())


def test_a_bad_line_is_told_with_file_number_reason_and_text(as_lines):
    parsed = parse_ratings(as_lines("1\t2\t3\t881250949", "1\t2\t9\t881250949"))
    row = rejected(parsed, "u.data").collect()
    assert [tuple(r) for r in row] == [
        ("u.data", 2, "the stars are not between 1 and 5", "1\t2\t9\t881250949")
    ]


def test_ratings_of_unknown_people_and_films_are_set_aside(as_lines):
    users = parse_users(as_lines("1|24|M|technician|85711"))
    movies = parse_movies(as_lines(f"2|Fargo (1996)|14-Feb-1997|||{flags(8)}"))
    ratings = parse_ratings(
        as_lines("1\t2\t3\t881250949", "7\t2\t3\t881250949", "1\t8\t3\t881250949", "7\t8\t3\t1", "1\t2\t6\t1")
    )
    assert reasons(check_references(ratings, users, movies)) == [
        None,
        "u.user has no such person",
        "u.item has no such film",
        "u.user has no such person",
        "the stars are not between 1 and 5",
    ]


def test_a_person_becomes_typed(as_lines):
    rows = parse_users(
        as_lines("1|24|M|technician|85711", "74|39|F|scientist|T8H1N", "3|7|M|student|")
    ).collect()
    assert [(r["user_id"], r["age"], r["gender"], r["occupation"], r["zip_code"], r["reason"]) for r in rows] == [
        (1, 24, "M", "technician", "85711", None),
        (3, 7, "M", "student", None, None),
        (74, 39, "F", "scientist", "T8H1N", None),
    ]  # fmt: skip


def test_an_occupation_of_another_list_counts_as_other(as_lines):
    assert parse_users(as_lines("1|24|M|astronaut|85711")).first()["occupation"] == "other"


def test_every_way_in_which_a_person_can_be_wrong(as_lines):
    cases = {
        "1|24|M|artist": "expected 5 columns separated by |",
        "x|24|M|artist|1": "the person's number is not a whole number",
        "2|old|M|artist|1": "the age is not a whole number",
        "3|0|M|artist|1": "the age is not between 5 and 110",
        "4|200|M|artist|1": "the age is not between 5 and 110",
        "5|24|X|artist|1": "the gender is not one of F, M",
        "6|24||artist|1": "the gender is not one of F, M",
        "7|24|F|artist|1": None,
        "7|25|F|artist|1": "this person stands in the file twice",
    }
    assert reasons(parse_users(as_lines(*cases))) == list(cases.values())


def test_a_film_becomes_typed(as_lines):
    url = "http://us.imdb.com/M/title-exact?Godfather,%20The%20(1972)"
    row = parse_movies(as_lines(f"127|Godfather, The (1972)|01-Jan-1972||{url}|{flags(1, 6, 8)}")).first()
    assert row["reason"] is None
    assert (row["movie_id"], row["title"], row["original_title"], row["year"]) == (
        127,
        "The Godfather",
        "Godfather, The (1972)",
        1972,
    )
    assert (row["release_date"], row["imdb_url"]) == (date(1972, 1, 1), url)
    assert row["genres"] == ["Action", "Crime", "Drama"]


def test_the_film_that_nothing_is_known_of(as_lines):
    row = parse_movies(as_lines(f"267|unknown||||{flags(0)}")).first()
    assert row["reason"] is None
    assert (row["title"], row["year"], row["release_date"], row["imdb_url"]) == (
        "Untitled film 267",
        None,
        None,
        None,
    )
    assert row["genres"] == ["unknown"]


def test_dates_with_one_digit_or_none_and_a_year_from_the_date(as_lines):
    frame = parse_movies(
        as_lines(
            f"1|Thing (1971)|4-Feb-1971|||{flags(8)}",
            f"2|Undated|12-Dec-1996|||{flags()}",
            f"3|Strange (1990)|soon|||{flags(8)}",
        )
    )
    rows = {row["movie_id"]: row for row in frame.collect()}
    assert (rows[1]["release_date"], rows[1]["year"]) == (date(1971, 2, 4), 1971)
    assert (rows[2]["year"], rows[2]["genres"]) == (1996, [])
    assert (rows[3]["release_date"], rows[3]["year"], rows[3]["reason"]) == (None, 1990, None)


def test_two_films_may_share_a_title_but_not_a_number(as_lines):
    frame = parse_movies(
        as_lines(
            f"266|Kull the Conqueror (1997)|29-Aug-1997|||{flags(1)}",
            f"680|Kull the Conqueror (1997)|29-Aug-1997|||{flags(1)}",
            f"266|Another (1998)|29-Aug-1998|||{flags(2)}",
        )
    )
    assert reasons(frame) == [None, None, "this film stands in the file twice"]


def test_every_way_in_which_a_film_can_be_wrong(as_lines):
    cases = {
        "1|Short (1990)|01-Jan-1990||": "expected 24 columns separated by |",
        f"1|Long (1990)|01-Jan-1990|||{flags()}|0": "expected 24 columns separated by |",
        f"one|Word (1990)|01-Jan-1990|||{flags()}": "the film's number is not a whole number",
        f"2| |01-Jan-1990|||{flags()}": "the title is empty",
        f"3|Flags (1990)|01-Jan-1990|||{flags()[:-1]}2": "a genre flag is neither 0 nor 1",
        f"4|Flags (1990)|01-Jan-1990|||{flags()[:-1]}": "a genre flag is neither 0 nor 1",
    }
    assert reasons(parse_movies(as_lines(*cases))) == list(cases.values())
