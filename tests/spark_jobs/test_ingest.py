"""From a folder of raw files to tables: what is kept, what is set aside, what stops the run."""

import io
import json
import os
import shutil

import pyarrow.parquet as pq
import pytest

from recommendations.ranking.dataset import DataSet
from recommendations.services.catalogue import read_movie_records
from spark_jobs import schemas
from spark_jobs.ingest import DataError, TooManyBadLinesError, ingest
from spark_jobs.profiles import build_profiles
from spark_jobs.progress import Progress, parse_event
from spark_jobs.sources.digest import data_digest
from tests.sample_data import write_sample

pytestmark = pytest.mark.spark


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    return write_sample(tmp_path_factory.mktemp("sample"))


@pytest.fixture
def raw(sample, tmp_path):
    """A copy to spoil."""
    return shutil.copytree(sample, tmp_path / "raw")


def append(path, *lines):
    with path.open("ab") as file:
        file.writelines(f"{line}\n".encode("iso-8859-1") for line in lines)


def table(folder):
    return pq.read_table(folder).to_pylist()


def test_clean_files_become_tables_with_the_stated_schemas(spark, sample, tmp_path):
    out = tmp_path / "parsed"
    report = ingest(spark, sample, out)
    lines = (sample / "u.data").read_text().splitlines()
    assert (report.ratings, report.movies, report.users) == (len(lines), 80, 60)
    assert (report.duplicates, report.rejects, report.rejected_lines) == (0, {}, 0)
    assert report.data_digest == data_digest(sample)
    assert sorted(os.listdir(out)) == ["data.json", "movies", "ratings", "rejects.jsonl", "users"]
    assert report.data == DataSet().as_dict()
    assert DataSet.from_dict(json.loads((out / "data.json").read_text())) == DataSet()
    assert (out / "rejects.jsonl").read_text() == ""
    for name, schema in (("ratings", schemas.RATINGS), ("movies", schemas.MOVIES), ("users", schemas.USERS)):
        found = spark.read.parquet(str(out / name)).schema
        assert [(f.name, f.dataType) for f in found] == [(f.name, f.dataType) for f in schema]
    expected = {tuple(int(part) for part in line.split("\t")) for line in lines}
    rows = table(out / "ratings")
    assert {(r["user_id"], r["movie_id"], r["stars"], r["rated_at"]) for r in rows} == expected
    for user in (1, 60):
        history = sorted((r["rated_at"], r["movie_id"], r["position"]) for r in rows if r["user_id"] == user)
        assert [position for *_, position in history] == list(range(len(history)))
    titles = {row["movie_id"]: row["title"] for row in table(out / "movies")}
    assert titles[7] == "Untitled film 7"
    assert titles[1] == "The Night 1"
    assert titles[2] == "L'Été 2 (The Summer 2)"


def test_bad_lines_are_set_aside_with_their_place_and_counted(spark, raw, tmp_path):
    good = len((raw / "u.data").read_text().splitlines())
    append(
        raw / "u.data", "1\t1\t9\t874724710", "", "999\t1\t3\t874724710", "1\t999\t3\t874724710", "garbage Ã"
    )
    report = ingest(spark, raw, tmp_path / "parsed")
    assert report.ratings == good
    assert report.rejects == {
        "u.data": {
            "the stars are not between 1 and 5": 1,
            "u.user has no such person": 1,
            "u.item has no such film": 1,
            "expected 4 columns separated by tabs": 1,
        }
    }
    assert report.rejected_lines == 4
    rejects = [
        json.loads(line) for line in (tmp_path / "parsed" / "rejects.jsonl").read_text("utf-8").splitlines()
    ]
    assert [row["line_number"] for row in rejects] == [good + 1, good + 3, good + 4, good + 5]
    assert rejects[-1] == {
        "file": "u.data",
        "line_number": good + 5,
        "reason": "expected 4 columns separated by tabs",
        "text": "garbage Ã",
    }


def test_a_bad_person_takes_their_ratings_along(spark, raw, tmp_path):
    users = raw / "u.user"
    lines = users.read_text().splitlines()
    lines[4] = lines[4].replace("|M|", "|?|").replace("|F|", "|?|")
    users.write_text("\n".join(lines) + "\n")
    report = ingest(spark, raw, tmp_path / "parsed", max_bad_share=0.05)
    theirs = sum(line.startswith("5\t") for line in (raw / "u.data").read_text().splitlines())
    assert report.users == 59
    assert report.rejects["u.user"] == {"the gender is not one of F, M": 1}
    assert report.rejects["u.data"] == {"u.user has no such person": theirs}


@pytest.mark.parametrize(("bad", "stops"), [(19, False), (20, True)])
def test_the_share_of_bad_lines_that_stops_a_run(spark, raw, tmp_path, bad, stops):
    """1 % of about 1,940 lines lies between 19 and 20."""
    good = len((raw / "u.data").read_text().splitlines())
    assert 0.01 * (good + 19) >= 19
    assert 0.01 * (good + 20) < 20
    append(raw / "u.data", *["no rating"] * bad)
    if not stops:
        assert ingest(spark, raw, tmp_path / "parsed").rejected_lines == bad
        return
    with pytest.raises(TooManyBadLinesError) as caught:
        ingest(spark, raw, tmp_path / "parsed")
    message = str(caught.value)
    assert f"{raw / 'u.data'}: 20 of {good + 20} lines (1.0%) are malformed" in message
    assert f"the first is line {good + 1}: expected 4 columns" in message
    assert not (tmp_path / "parsed").exists()
    assert ingest(spark, raw, tmp_path / "parsed", max_bad_share=0.02).rejected_lines == bad


def test_a_wrong_file_is_told_by_its_own_name_not_by_what_follows_from_it(spark, raw, tmp_path):
    (raw / "u.user").write_bytes((raw / "u.item").read_bytes())
    with pytest.raises(TooManyBadLinesError, match=r"u\.user: 80 of 80 lines"):
        ingest(spark, raw, tmp_path / "parsed")


def test_a_file_without_a_usable_line_stops_even_the_most_patient_run(spark, raw, tmp_path):
    (raw / "u.data").write_text("nothing\n")
    with pytest.raises(DataError, match=r"u\.data has no usable line"):
        ingest(spark, raw, tmp_path / "parsed", max_bad_share=1.0)


def test_a_file_of_blank_lines_is_told(spark, raw, tmp_path):
    (raw / "u.item").write_text("\n \n\n")
    with pytest.raises(DataError, match=r"u\.item has only blank lines"):
        ingest(spark, raw, tmp_path / "parsed")


def test_a_failed_run_leaves_the_former_tables(spark, sample, raw, tmp_path):
    out = tmp_path / "parsed"
    before = ingest(spark, sample, out)
    append(raw / "u.data", *["no rating"] * 500)
    with pytest.raises(TooManyBadLinesError):
        ingest(spark, raw, out)
    (raw / "u.data").unlink()
    with pytest.raises(DataError, match=r"u\.data is missing"):
        ingest(spark, raw, out)
    assert len(table(out / "ratings")) == before.ratings
    assert sorted(os.listdir(tmp_path)) == ["parsed", "raw"]


def test_an_impossible_share_is_refused(spark, sample, tmp_path):
    with pytest.raises(ValueError, match="max_bad_share is 1.5"):
        ingest(spark, sample, tmp_path / "parsed", max_bad_share=1.5)


def test_older_ratings_of_the_same_film_are_left_out_and_counted(spark, raw, tmp_path):
    data = raw / "u.data"
    user, movie, _, second = data.read_text().splitlines()[0].split("\t")
    append(data, f"{user}\t{movie}\t1\t{int(second) + 1}", f"{user}\t{movie}\t5\t{int(second) - 1}")
    report = ingest(spark, raw, tmp_path / "parsed")
    rows = [r for r in table(tmp_path / "parsed" / "ratings") if (str(r["user_id"]), str(r["movie_id"])) == (user, movie)]  # fmt: skip
    assert report.duplicates == 2
    assert report.rejected_lines == 0
    assert [(row["stars"], row["rated_at"]) for row in rows] == [(1, int(second) + 1)]


def test_a_part_of_the_ratings_alone_is_enough(spark, raw, tmp_path):
    """As for a measurement from outside: a train part, in which people may be missing altogether."""
    data = raw / "u.data"
    kept = [line for line in data.read_text().splitlines() if not line.startswith("7\t")][::2]
    data.write_text("\n".join(kept))
    report = ingest(spark, raw, tmp_path / "parsed")
    assert (report.ratings, report.users, report.movies) == (len(kept), 60, 80)
    assert 7 not in {row["user_id"] for row in table(tmp_path / "parsed" / "ratings")}


def test_a_second_run_gives_the_same_tables(spark, sample, tmp_path):
    first = ingest(spark, sample, tmp_path / "one")
    assert ingest(spark, sample, tmp_path / "one") == first
    ingest(spark, sample, tmp_path / "two")
    for name in ("ratings", "movies", "users"):
        assert table(tmp_path / "one" / name) == table(tmp_path / "two" / name)


def test_ingest_and_profiles_tell_their_progress_and_work_in_any_folder(spark, sample, tmp_path):
    stream = io.StringIO()
    home = tmp_path / "home [x] {1}"
    raw = shutil.copytree(sample, home / "raw")
    ingest(spark, raw, home / "parsed", progress=Progress(stream))
    rows = build_profiles(spark, home / "parsed", home / "profiles", Progress(stream))
    events = [parse_event(line) for line in stream.getvalue().splitlines()]
    stages = [event["stage"] for event in events if event]
    assert sorted(set(stages)) == ["ingest", "profiles"]
    for stage in ("ingest", "profiles"):
        percents = [event["percent"] for event in events if event and event["stage"] == stage]
        assert percents == sorted(percents)
        assert (percents[0], percents[-1]) == (0.0, 100.0)
    assert sorted(os.listdir(home)) == ["parsed", "profiles", "raw"]
    statistics, profiles = (
        table(home / "profiles" / "movie_statistics"),
        table(home / "profiles" / "genre_profiles"),
    )
    assert rows == {"genre_profiles": len(profiles), "movie_statistics": len(statistics)}
    assert [row["movie_id"] for row in statistics] == list(range(1, 81))
    assert len({row["user_id"] for row in profiles}) == 60
    films = read_movie_records(profiles_dir=home / "profiles")
    named = {row["movie_id"]: row["title"] for row in table(home / "parsed" / "movies")}
    for film, row in zip(films, statistics, strict=True):
        assert (film.movielens_id, film.title) == (row["movie_id"], named[row["movie_id"]])
        assert (film.rating_count, film.mean_stars) == (row["rating_count"], row["mean_stars"])
        assert (film.like_share, film.histogram) == (row["like_share"], row["histogram"])
    assert all(1 <= row["mean_stars"] <= 5 for row in profiles)
