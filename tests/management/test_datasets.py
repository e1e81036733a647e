"""``manage.py datasets`` and ``manage.py fetch``: what is known, what is here, what a folder looks like."""

from __future__ import annotations

import hashlib
import json
import zipfile
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from recommendations.services.datasets import KNOWN, fetch, look_into
from spark_jobs.sources import files
from tests.sources_data import write_ml_csv, write_ml_dat, write_own


@pytest.fixture
def shelf(settings, tmp_path) -> Path:
    settings.MOVIEREC_HOME = tmp_path / "home"
    settings.BASE_DIR = tmp_path / "checkout"
    settings.MOVIEREC_DATASETS = str(tmp_path / "shelf")
    write_ml_csv(tmp_path / "shelf" / "ml-latest-small")
    return tmp_path / "shelf"


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_the_list_has_what_is_known_and_what_is_here(shelf):
    write_own(shelf / "club")
    (shelf / "no data").mkdir()
    entries = {entry["name"]: entry for entry in json.loads(run("datasets", "--json"))}
    assert entries.keys() == {*KNOWN, "club"}
    assert entries["ml-latest-small"]["place"] == str(shelf / "ml-latest-small")
    assert entries["ml-1m"]["place"] is None
    assert (entries["club"]["known"], entries["ml-1m"]["known"]) == (False, True)
    assert "ml-32m" in run("datasets")


def test_a_folder_is_described_before_anything_runs(shelf):
    look = json.loads(run("datasets", str(shelf / "ml-latest-small"), "--json"))
    assert (look["name"], look["layout"], look["scale"]) == (
        "ml-latest-small",
        "ml-latest",
        "half a star to 5 stars",
    )
    ratings, films = look["tables"]
    assert ratings["columns"] == {
        "person": "userId",
        "film": "movieId",
        "stars": "rating",
        "rated_at": "timestamp",
    }
    assert len(ratings["first_rows"]) == 3
    assert films["first_rows"][0]["title"] == 'A "quoted" film (1951)'
    assert (look["lacks"], look["left_out"], look["extras"]) == (
        ["people"],
        ["README.txt"],
        ["links.csv", "tags.csv"],
    )
    printed = run("datasets", "ml-latest-small")  # by its name, as well
    assert "read as ml-latest" in printed
    assert "has no: people" in printed


def test_what_stands_in_the_way_is_told_with_exit_code_two(shelf, tmp_path):
    data = write_own(tmp_path / "club")
    (data / "dataset.toml").write_text('scael = "1-10"\n')
    with pytest.raises(CommandError, match="line 1: scael is no name; did you mean scale") as refused:
        run("datasets", str(data))
    assert refused.value.returncode == 2


def test_each_layout_is_described(tmp_path):
    look = look_into(write_ml_dat(tmp_path / "ml-1m"))
    assert (look.layout, look.scale, look.lacks) == ("ml-1m", "1 to 5 stars", ())
    own = look_into(write_own(tmp_path / "own", times=False, films=False))
    assert (own.scale, own.lacks) == ("1 to 10, halved to stars", ("people", "times", "films", "genres"))


def test_no_more_than_the_first_megabyte_of_a_file_is_read(shelf, monkeypatch):
    big = shelf / "ml-latest-small" / "ratings.csv"
    with big.open("a") as file:
        file.writelines(f"1,{number % 40 + 1},3.0,1\n" for number in range(200_000))
    assert big.stat().st_size > 2 * files.HEAD_BYTES
    read: dict[str, int] = {}
    original = files.DataFile.open

    def counting(self):
        context = original(self)
        return _Counted(context, read, self.name)

    monkeypatch.setattr(files.DataFile, "open", counting)
    assert look_into(shelf / "ml-latest-small").problem == ""
    assert read
    assert max(read.values()) <= files.HEAD_BYTES


class _Counted:
    """The file of a context, and the farthest byte that was read of it."""

    def __init__(self, context, read, name) -> None:
        self._context, self._read, self._name = context, read, name

    def __enter__(self):
        self._file = self._context.__enter__()
        return self._file

    def __exit__(self, *error) -> None:
        self._read[self._name] = max(self._read.get(self._name, 0), self._file.tell())
        self._context.__exit__(*error)


def test_what_is_at_hand_is_not_fetched(shelf):
    assert json.loads(run("fetch", "--dataset", "ml-latest-small", "--json"))["path"] == str(
        shelf / "ml-latest-small"
    )


def test_a_folder_is_taken_under_a_name(shelf, settings, tmp_path):
    run("fetch", "--dataset", "club", "--data", str(write_own(tmp_path / "somewhere")))
    assert look_into(settings.MOVIEREC_HOME / "data" / "raw" / "club").layout == "own"


def test_an_unknown_name_is_refused_with_the_nearest(shelf):
    with pytest.raises(CommandError, match=r"did you mean ml-latest-small\?"):
        run("fetch", "--dataset", "ml-latest-smal")
    with pytest.raises(CommandError, match="cannot be fetched from here"):
        run("fetch", "--dataset", "movietweetings-100k")


def test_an_archive_is_checked_and_kept(shelf, settings, tmp_path, monkeypatch):
    folder = write_ml_dat(tmp_path / "ml-1m")
    archive = tmp_path / "served" / "ml-1m.zip"
    archive.parent.mkdir()
    with zipfile.ZipFile(archive, "w") as packed:
        for path in sorted(folder.iterdir()):
            packed.write(path, f"ml-1m/{path.name}")
    monkeypatch.setenv("MOVIEREC_CACHE", str(tmp_path / "cache"))
    digest = hashlib.md5(archive.read_bytes(), usedforsecurity=False).hexdigest()
    known = KNOWN["ml-1m"]
    for checksum, works in (("md5:" + "0" * 32, False), (f"md5:{digest}", True)):
        served = fetch.KnownDataSet(
            known.name, known.title, 1, 1, 1, url=archive.as_uri(), checksum=checksum, terms="the terms"
        )
        monkeypatch.setitem(fetch.KNOWN, "ml-1m", served)
        if not works:
            with pytest.raises(CommandError, match=r"checksum of .* is wrong \(MD5"):
                run("fetch", "--dataset", "ml-1m")
            continue
        assert "the terms" in run("fetch", "--dataset", "ml-1m")
        assert look_into(settings.MOVIEREC_HOME / "data" / "raw" / "ml-1m").layout == "ml-1m"
