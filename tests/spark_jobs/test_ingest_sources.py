"""From any layout to the same tables."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recommendations.ranking.people import FIRST_SITE_USER
from spark_jobs import schemas
from spark_jobs.ingest import DataError, TooManyBadLinesError, ingest
from spark_jobs.key_numbers import FIRST_GIVEN
from tests.sample_data import write_sample
from tests.sources_data import some_ratings, write_ml_csv, write_ml_dat, write_own, write_tweetings

pytestmark = pytest.mark.spark
CASES = Path(__file__).parents[1] / "cases"


def table(folder: Path, name: str) -> list[dict]:
    return pq.read_table(folder / name).to_pylist()


def expected(stars_of=float) -> set[tuple]:
    return {(person, film, stars_of(stars), second) for person, film, stars, second in some_ratings()}


def found(folder: Path) -> set[tuple]:
    return {(r["user_id"], r["movie_id"], r["stars"], r["rated_at"]) for r in table(folder, "ratings")}


def test_movielens_of_today_with_halves_tags_and_links(spark, tmp_path):
    report = ingest(spark, write_ml_csv(tmp_path / "ml-latest-small"), tmp_path / "out")
    assert found(tmp_path / "out") == expected()
    assert report.rejects == {}
    data = report.data
    assert (data["name"], data["star_step"], data["has_times"]) == ("ml-latest-small", 0.5, True)
    assert data["genres"] == ("Action", "Comedy", "Drama", "IMAX", "Western")
    assert (data["genders"], data["occupations"], data["has_ages"]) == ((), (), False)
    films = {row["movie_id"]: row for row in table(tmp_path / "out", "movies")}
    assert [films[number]["title"] for number in (1, 2, 3, 4)] == [
        'A "quoted" film',
        "Žižkov – 七人の侍",
        "L'Été",
        "The Story",
    ]
    assert films[1] | {"year": 1951, "imdb_id": "tt0000001", "tmdb_id": 801, "key": "1"} == films[1]
    assert films[1]["tags"] == ["funny", "dark"]
    assert (films[10]["genres"], films[40]["imdb_id"], films[2]["tags"]) == ([], None, None)
    assert {row["key"] for row in table(tmp_path / "out", "users")} == {
        str(number) for number in range(1, 31)
    }
    for name, schema in (("ratings", schemas.RATINGS), ("movies", schemas.MOVIES), ("users", schemas.USERS)):
        written = spark.read.parquet(str(tmp_path / "out" / name)).schema
        assert [(f.name, f.dataType) for f in written] == [(f.name, f.dataType) for f in schema]


def test_a_million_in_its_own_layout_with_people(spark, tmp_path):
    report = ingest(spark, write_ml_dat(tmp_path / "ml-1m"), tmp_path / "out")
    assert found(tmp_path / "out") == expected(lambda stars: float(max(1, round(stars))))
    assert (report.data["star_step"], report.data["genders"]) == (1.0, ("F", "M"))
    people = {row["user_id"]: row for row in table(tmp_path / "out", "users")}
    assert (people[1]["age"], people[1]["gender"], people[1]["occupation"]) == (18, "M", "educator")
    assert people[4]["age"] >= 5  # the code of everybody under 18


def test_tweets_with_their_scale_and_keys(spark, tmp_path):
    report = ingest(spark, write_tweetings(tmp_path / "movietweetings"), tmp_path / "out")
    films = {row["key"]: row["movie_id"] for row in table(tmp_path / "out", "movies")}
    assert films["0000001"] == FIRST_GIVEN
    assert found(tmp_path / "out") == {
        (person, films[f"{film:07d}"], max(0.5, round(stars * 2) / 2), second)
        for person, film, stars, second in some_ratings()
    }
    assert "0 to 10" in report.data["scale"]


def test_numbers_are_given_once_and_for_good(spark, tmp_path):
    data = write_own(tmp_path / "own")
    ingest(spark, data, tmp_path / "first")
    given = {row["key"]: row["movie_id"] for row in table(tmp_path / "first", "movies")}
    assert sorted(given.values()) == list(range(FIRST_GIVEN, FIRST_GIVEN + 40))
    with (data / "films.jsonl").open("a") as file:
        file.write('{"id": "a new one, first by name", "title": "New"}\n')
    report = ingest(spark, data, tmp_path / "second", numbers_path=tmp_path / "first" / "numbers.jsonl")
    again = {row["key"]: row["movie_id"] for row in table(tmp_path / "second", "movies")}
    assert again == given | {"a new one, first by name": FIRST_GIVEN + 40}
    assert report.movies == 41
    new = [json.loads(line) for line in (tmp_path / "second" / "numbers.jsonl").read_text().splitlines()]
    assert new == [{"kind": "film", "key": "a new one, first by name", "number": FIRST_GIVEN + 40}]


def test_keys_of_sixty_four_bits_in_the_layout_of_100k(spark, tmp_path):
    # Kept under other names, because files of the data's names are never committed.
    for kind in ("data", "item", "user"):
        (tmp_path / f"u.{kind}").write_bytes((CASES / "training-ids-64-bit" / f"{kind}.txt").read_bytes())
    report = ingest(spark, tmp_path, tmp_path / "out")
    assert report.rejects == {}
    people = {row["key"]: row["user_id"] for row in table(tmp_path / "out", "users")}
    assert min(int(key) for key in people) == 10_000_000_001
    assert set(people.values()) == set(range(FIRST_GIVEN, FIRST_GIVEN + len(people)))


def test_without_times_films_or_people(spark, tmp_path):
    report = ingest(spark, write_own(tmp_path / "own", times=False, films=False), tmp_path / "out")
    assert (report.data["has_times"], report.data["genres"]) == (False, ())
    assert {row["rated_at"] for row in table(tmp_path / "out", "ratings")} == {None}
    films = table(tmp_path / "out", "movies")
    assert len(films) == 40
    assert all(film["title"] == film["key"] for film in films)


@pytest.mark.parametrize(
    ("values", "stars"),
    [(("up", "down"), {5.0, 1.0}), (("seen", "seen"), {4.0}), (("0", "100"), {0.5, 5.0})],
)
def test_thumbs_and_what_was_only_seen(spark, tmp_path, values, stars):
    rows = [f"p{person},f{film},{values[film % 2]}" for person in range(9) for film in range(6)]
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "ratings.csv").write_text("\n".join(["user,film,score", *rows]) + "\n")
    ingest(spark, tmp_path / "raw", tmp_path / "out")
    assert {row["stars"] for row in table(tmp_path / "out", "ratings")} == stars


def test_parquet_with_dates_and_lists(spark, tmp_path):
    (tmp_path / "raw").mkdir()
    columns = {
        "user_id": ["ann", "ann", "bob"],
        "movie_id": [7, 8, 7],
        "rating": [4.5, 0.5, 5.0],
        "date": ["2024-02-29", "2024-03-01 12:00:00", "2024-03-02"],
    }
    pq.write_table(pa.table(columns), tmp_path / "raw" / "ratings.parquet")
    films = {
        "movie_id": [7, 8],
        "title": ["Seven", "Eight"],
        "genres": [["Crime", "Drama"], None],
        "year": [1995.0, None],
    }
    pq.write_table(pa.table(films), tmp_path / "raw" / "movies.parquet")
    ingest(spark, tmp_path / "raw", tmp_path / "out")
    rows = {(r["movie_id"], r["stars"]): r["rated_at"] for r in table(tmp_path / "out", "ratings")}
    assert rows == {(7, 4.5): 1_709_164_800, (8, 0.5): 1_709_294_400, (7, 5.0): 1_709_337_600}
    seven, eight = table(tmp_path / "out", "movies")
    assert (seven["genres"], seven["year"], eight["genres"], eight["year"]) == (
        ["Crime", "Drama"],
        1995,
        [],
        None,
    )


def test_keys_that_differ_in_case_or_zeros_are_different_films(spark, tmp_path):
    keys = ("ab", "AB", "7", "07", "007")
    rows = [f"p{person},{key},4" for person in range(3) for key in keys]
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "ratings.csv").write_text("\n".join(["user,film,stars", *rows]) + "\n")
    ingest(spark, tmp_path / "raw", tmp_path / "out")
    films = {row["key"]: row["movie_id"] for row in table(tmp_path / "out", "movies")}
    assert films.keys() == set(keys)
    assert len(set(films.values())) == 5
    assert films["7"] == 7


def test_bad_rows_are_set_aside_with_their_place(spark, tmp_path):
    data = write_ml_csv(tmp_path / "data")
    good = sum(1 for _line in (data / "ratings.csv").open()) - 1
    with (data / "ratings.csv").open("a") as file:
        file.write("1,999,3.0,1\n1,2,7.0,1\n1,2,3.3,1\n1,2,3.0,soon\n,2,3.0,1\n1,2\n")
    report = ingest(spark, data, tmp_path / "out", max_bad_share=0.05)
    assert report.rejects == {
        "ratings.csv": {
            "movies.csv has no such film": 1,
            "the stars are not between 0.5 and 5": 1,
            "the stars are not in steps of 0.5": 1,
            "the time is neither seconds since 1970 nor a date": 1,
            "the person’s key is empty": 1,
            "expected 4 columns separated by ,": 1,
        }
    }
    rejects = [
        json.loads(line) for line in (tmp_path / "out" / "rejects.jsonl").read_text("utf-8").splitlines()
    ]
    assert [row["line_number"] for row in rejects] == list(range(good + 2, good + 8))
    with pytest.raises(TooManyBadLinesError, match=rf"ratings\.csv: 6 of {good + 6} lines"):
        ingest(spark, data, tmp_path / "out", max_bad_share=0.005)


def test_utf_16_and_utf_8_in_the_layout_of_100k(spark, tmp_path):
    raw = write_sample(tmp_path / "raw")
    ingest(spark, raw, tmp_path / "latin")
    titles = [row["title"] for row in table(tmp_path / "latin", "movies")]
    assert any("É" in title for title in titles)
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        other = shutil.copytree(raw, tmp_path / encoding / "raw")
        text = (raw / "u.item").read_text("iso-8859-1")
        (other / "u.item").write_bytes(text.encode(encoding))
        ingest(spark, other, tmp_path / encoding / "out")
        assert [row["title"] for row in table(tmp_path / encoding / "out", "movies")] == titles


def test_the_sites_own_ratings_join_whatever_numbers_people_have(spark, tmp_path):
    raw = write_sample(tmp_path / "raw")
    with (raw / "u.user").open("a") as file:
        file.write("500000001|30|F|artist|1\n")
    with (raw / "u.data").open("a") as file:
        file.write("500000001\t1\t5\t880000000\n")
    (raw / "_site").mkdir()
    rating = {"person": 1, "film": 2, "stars": 3.5, "rated_at": 900_000_000}
    (raw / "_site" / "ratings.jsonl").write_text(
        f"{json.dumps(rating)}\n{json.dumps(rating | {'film': 4000})}\n"
    )
    person = {"person": 1, "age": None, "gender": "F", "occupation": None}
    (raw / "_site" / "people.jsonl").write_text(json.dumps(person) + "\n")
    report = ingest(spark, raw, tmp_path / "out")
    people = {row["key"]: row for row in table(tmp_path / "out", "users")}
    assert people["500000001"]["user_id"] == FIRST_GIVEN
    assert people["site-1"]["user_id"] == FIRST_SITE_USER + 1
    own = [row for row in table(tmp_path / "out", "ratings") if row["user_id"] == FIRST_SITE_USER + 1]
    assert [(row["movie_id"], row["stars"]) for row in own] == [(2, 3.5)]
    assert report.duplicates == 0


def test_two_scales_in_one_table_are_refused(spark, tmp_path):
    (tmp_path / "raw").mkdir()
    rows = [f"p{number},f{number % 9},{9 if number % 20 == 0 else 4}" for number in range(200)]
    (tmp_path / "raw" / "ratings.csv").write_text("\n".join(["user,film,stars", *rows]) + "\n")
    with pytest.raises(DataError, match="mix two scales"):
        ingest(spark, tmp_path / "raw", tmp_path / "out")
    assert not (tmp_path / "out").exists()
