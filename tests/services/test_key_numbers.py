"""The numbers of keys, in the database and in the file that Spark reads."""

from __future__ import annotations

import json

import pytest

from recommendations.models import KeyNumber
from recommendations.services.key_numbers import keep_new_numbers, write_known_numbers
from spark_jobs.data_files import NUMBERS_FILE
from spark_jobs.key_numbers import FIRST_GIVEN, Numbers, read_numbers

pytestmark = pytest.mark.django_db


def test_what_was_given_comes_back_and_is_kept_once(tmp_path):
    entries = [
        {"kind": "film", "key": "tt0111161", "number": FIRST_GIVEN},
        {"kind": "person", "key": "Žofie", "number": FIRST_GIVEN},
    ]
    (tmp_path / NUMBERS_FILE).write_text("".join(f"{json.dumps(entry)}\n" for entry in entries))
    assert keep_new_numbers(parsed_dir=tmp_path) == 2
    assert keep_new_numbers(parsed_dir=tmp_path) == 2
    assert KeyNumber.objects.count() == 2
    known = read_numbers(write_known_numbers(path=tmp_path / "work" / "numbers.jsonl"))
    assert known.given == {"film": {"tt0111161": FIRST_GIVEN}, "person": {"Žofie": FIRST_GIVEN}}
    known.give("film", ["b", "tt0111161", "a"])
    assert known.new == {"film": {"a": FIRST_GIVEN + 1, "b": FIRST_GIVEN + 2}, "person": {}}


def test_without_new_numbers_there_is_nothing_to_keep(tmp_path):
    assert keep_new_numbers(parsed_dir=tmp_path) == 0
    assert read_numbers(None) == Numbers()
