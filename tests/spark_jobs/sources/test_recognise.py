"""Which reader reads what, by looking at the folder."""

from __future__ import annotations

import gzip
import shutil
import zipfile
from pathlib import Path

import pytest

from spark_jobs.data_files import DataError
from spark_jobs.sources import recognise
from spark_jobs.sources.base import FILMS, PEOPLE, RATINGS, SCALES
from spark_jobs.sources.digest import data_digest
from spark_jobs.sources.files import DataFile, encoding_of
from tests.sample_data import write_sample
from tests.sources_data import write_ml_csv, write_ml_dat, write_own, write_tweetings

LAYOUTS = {
    "ml-100k": (write_sample, {RATINGS, FILMS, PEOPLE}, "1-5"),
    "ml-latest": (write_ml_csv, {RATINGS, FILMS}, "0.5-5"),
    "ml-1m": (write_ml_dat, {RATINGS, FILMS, PEOPLE}, "1-5"),
    "ml-10m": (lambda folder: write_ml_dat(folder, people=False), {RATINGS, FILMS}, "0.5-5"),
    "movietweetings": (write_tweetings, {RATINGS, FILMS}, "0-10"),
    "own": (write_own, {RATINGS, FILMS}, None),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_layout_is_told_by_its_files(layout, tmp_path):
    write, tables, scale = LAYOUTS[layout]
    source = recognise(write(tmp_path / "data"))
    assert source.layout == layout
    assert source.tables.keys() == tables
    assert source.scale == (SCALES[scale] if scale else None)


def test_what_is_beside_the_tables_is_read_or_told_as_left_out(tmp_path):
    source = recognise(write_ml_csv(tmp_path / "ml-latest-small"))
    assert source.name == "ml-latest-small"
    assert sorted(source.extras) == ["links", "tags"]
    assert source.left_out == ("README.txt",)


def test_a_zip_archive_is_read_as_it_is_alone_or_in_a_folder(tmp_path):
    folder = write_ml_csv(tmp_path / "ml-latest-small")
    alone = tmp_path / "shelf" / "ml-latest-small.zip"
    alone.parent.mkdir()
    with zipfile.ZipFile(alone, "w") as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, f"ml-latest-small/{path.name}")
    for place in (alone, alone.parent):
        source = recognise(place)
        assert source.layout == "ml-latest"
        assert source.tables[RATINGS].files[0].head(6) == b"userId"
    assert recognise(alone).name == "ml-latest-small"


def test_compressed_files_and_folders_of_parts(tmp_path):
    folder = write_own(tmp_path / "data")
    lines = (folder / "ratings.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "ratings.jsonl").unlink()
    (folder / "ratings").mkdir()
    for part in range(2):
        (folder / "ratings" / f"part-{part}.jsonl.gz").write_bytes(gzip.compress(b"".join(lines[part::2])))
    (folder / "ratings" / "_SUCCESS").touch()
    table = recognise(folder).tables[RATINGS]
    assert [file.name for file in table.files] == ["ratings/part-0.jsonl", "ratings/part-1.jsonl"]
    assert table.columns == {"person": "user", "film": "item", "stars": "rating", "rated_at": "timestamp"}


def test_a_folder_of_something_else_is_refused_with_what_was_looked_for(tmp_path):
    (tmp_path / "notes.md").write_text("nothing\n")
    with pytest.raises(DataError, match=r"notes\.md: neither a MovieLens release .* dataset\.toml"):
        recognise(tmp_path)
    with pytest.raises(DataError, match="does not exist"):
        recognise(tmp_path / "nowhere")
    (tmp_path / "broken.zip").write_bytes(b"PK no archive")
    with pytest.raises(DataError, match="no zip archive"):
        recognise(tmp_path / "broken.zip")


def test_a_table_without_a_needed_column_is_told_with_its_columns(tmp_path):
    (tmp_path / "ratings.csv").write_text("who,item,stars\na,b,3\n")
    with pytest.raises(DataError, match="no column for the person; its columns are who, item, stars"):
        recognise(tmp_path)


def test_equal_data_have_equal_digests(tmp_path):
    first = write_ml_csv(tmp_path / "one")
    second = shutil.copytree(first, tmp_path / "two")
    assert data_digest(first) == data_digest(second)
    (second / "README.txt").write_text("not read, so it does not count")
    assert data_digest(first) == data_digest(second)
    with (second / "tags.csv").open("a") as file:
        file.write("9,9,new,1\n")
    assert data_digest(first) != data_digest(second)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("Café".encode(), "utf-8"),
        ("Café".encode("utf-8-sig"), "utf-8-sig"),
        ("Café".encode("iso-8859-1"), "iso-8859-1"),
        ("Café, a film".encode("utf-16"), "utf-16"),
        ("Cafe, a film".encode("utf-16-le"), "utf-16-le"),
        ("Cafe, a film".encode("utf-16-be"), "utf-16-be"),
        (b"plain", "utf-8"),
        (b"", "utf-8"),
        (b"x" * 999_999 + "é".encode(), "utf-8"),  # a letter across two blocks
        (b"x" * 1_500_000 + b"\xe9 and more", "iso-8859-1"),
    ],
)
def test_how_text_is_written_is_found_out(content, encoding, tmp_path):
    path = Path(tmp_path / "file.txt")
    path.write_bytes(content)
    assert encoding_of(DataFile(path, "file.txt", len(content))) == encoding


def test_movietweetings_keys_are_numbers_of_imdb(tmp_path):
    columns = recognise(write_tweetings(tmp_path / "tweets")).tables[FILMS].columns
    assert columns["imdb_id"] == columns["film"] == 0
    others = recognise(write_ml_dat(tmp_path / "ml-10m", people=False)).tables[FILMS].columns
    assert "imdb_id" not in others
