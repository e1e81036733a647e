"""The raw files before Spark sees them: missing, empty, cut off, and their digest."""

import shutil

import pytest

from spark_jobs.data_files import DATA_FILES, DataError, check_data_files, spark_path
from spark_jobs.sources.digest import data_digest
from tests.sample_data import write_sample


@pytest.fixture
def folder(tmp_path):
    return write_sample(tmp_path / "raw")


def test_a_whole_folder_is_fine_without_the_small_lists(folder):
    check_data_files(folder)
    assert sorted(path.name for path in folder.iterdir()) == sorted(DATA_FILES)


def test_a_folder_that_does_not_exist(tmp_path):
    with pytest.raises(DataError, match="nowhere does not exist"):
        check_data_files(tmp_path / "nowhere")


@pytest.mark.parametrize("name", DATA_FILES)
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(DataError, match=f"{name} is missing"):
        data_digest(folder)


@pytest.mark.parametrize("name", DATA_FILES)
def test_a_folder_in_the_place_of_a_file_is_no_file(folder, name):
    (folder / name).unlink()
    (folder / name).mkdir()
    with pytest.raises(DataError, match=f"{name} is missing"):
        check_data_files(folder)


@pytest.mark.parametrize("name", DATA_FILES)
def test_an_empty_file_is_named(folder, name):
    (folder / name).write_bytes(b"")
    with pytest.raises(DataError, match=f"{name} is empty"):
        check_data_files(folder)


@pytest.mark.parametrize(
    ("name", "lost"),
    [("u.data", 3), ("u.data", 14), ("u.item", 7), ("u.item", 60), ("u.user", 8)],
)
def test_a_file_that_ends_within_a_line_is_cut_off(folder, name, lost):
    path = folder / name
    path.write_bytes(path.read_bytes()[:-lost])
    with pytest.raises(DataError, match=f"{name} is cut off in the middle of its last line"):
        check_data_files(folder)


@pytest.mark.parametrize("name", DATA_FILES)
def test_a_missing_last_line_feed_alone_is_no_sign(folder, name):
    path = folder / name
    path.write_bytes(path.read_bytes()[:-1])
    check_data_files(folder)


def test_a_file_of_one_line_without_a_line_feed(folder):
    (folder / "u.data").write_text("1\t2\t3\t881250949")
    check_data_files(folder)


def test_the_digest_depends_on_the_three_files_and_on_nothing_else(folder, tmp_path):
    before = data_digest(folder)
    copy = shutil.copytree(folder, tmp_path / "elsewhere")
    (copy / "u.genre").write_text("unknown|0\n")
    assert data_digest(copy) == before
    for name in DATA_FILES:
        content = (copy / name).read_bytes()
        (copy / name).write_bytes(content + content.splitlines(keepends=True)[-1])
        assert data_digest(copy) != before
        (copy / name).write_bytes(content)
    assert data_digest(copy) == before


def test_a_path_for_spark_has_no_pattern_in_it(tmp_path):
    assert spark_path(tmp_path / "a[1]{b}*?") == f"{tmp_path}/a\\[1\\]\\{{b\\}}\\*\\?"
