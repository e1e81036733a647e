"""Numbered lines out of files of any size, in latin-1."""

import pytest

from spark_jobs.transforms import lines as module
from spark_jobs.transforms.lines import read_lines

pytestmark = pytest.mark.spark


def numbered(frame):
    return [(row["line_number"], row["text"]) for row in frame.orderBy("line_number").collect()]


def test_lines_count_from_one_and_blank_ones_keep_their_number(spark, tmp_path):
    path = tmp_path / "u.item"
    path.write_bytes(b"first\n\n  \nfourth\n\n")
    assert numbered(read_lines(spark, path)) == [(1, "first"), (4, "fourth")]


def test_the_encoding_is_latin_1(spark, tmp_path):
    path = tmp_path / "u.item"
    # 0x85 and 0xA0 are signs of latin-1 that Python would take for a line end or a blank.
    path.write_bytes("Á köldum klaka|Café\n".encode("iso-8859-1") + b"a\x85b\n")
    assert numbered(read_lines(spark, path)) == [(1, "Á köldum klaka|Café"), (2, "a\x85b")]


def test_windows_line_ends_and_a_missing_last_one(spark, tmp_path):
    path = tmp_path / "u.user"
    path.write_bytes(b"one\r\ntwo\r\nthree")
    assert numbered(read_lines(spark, path)) == [(1, "one"), (2, "two"), (3, "three")]


def test_a_path_with_signs_of_a_pattern_is_a_path(spark, tmp_path):
    folder = tmp_path / "a [1] {b,c} d*"
    folder.mkdir()
    (folder / "u.user").write_text("one\n")
    assert numbered(read_lines(spark, folder / "u.user")) == [(1, "one")]


def test_a_file_of_many_blocks_is_numbered_through(spark, tmp_path, monkeypatch):
    """Spark reads the blocks in an order of its own; the line numbers must not show it."""
    path = tmp_path / "u.data"
    texts = [f"{number} {'x' * (number % 97)}" for number in range(1, 3001)]
    path.write_text("\n".join(texts) + "\n")
    monkeypatch.setattr(module, "_SURELY_ONE_BLOCK", 0)
    before = {key: spark.conf.get(key) for key in ("spark.sql.files.maxPartitionBytes", "spark.sql.files.openCostInBytes")}  # fmt: skip
    try:
        spark.conf.set("spark.sql.files.maxPartitionBytes", "10000")
        spark.conf.set("spark.sql.files.openCostInBytes", "1000")
        frame = read_lines(spark, path)
        assert frame.rdd.getNumPartitions() > 5
        assert numbered(frame) == list(enumerate(texts, 1))
    finally:
        for key, value in before.items():
            spark.conf.set(key, value)


def test_a_file_below_the_limit_is_never_split(spark, tmp_path):
    """What the limit rests on: such a file is one block even if there are many cores."""
    path = tmp_path / "u.data"
    path.write_bytes(b"0123456789abcde\n" * (module._SURELY_ONE_BLOCK // 16))
    assert path.stat().st_size == module._SURELY_ONE_BLOCK
    assert spark.read.text(str(path)).rdd.getNumPartitions() == 1
