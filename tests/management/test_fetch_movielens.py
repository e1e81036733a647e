"""The command: what it prints, and how it ends."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.services.movielens_files import write_full_set


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings) -> Path:
    settings.MOVIEREC_HOME = tmp_path / "home"
    return settings.MOVIEREC_HOME


def test_json_is_one_object_on_standard_output(home: Path, tmp_path: Path) -> None:
    out, err = StringIO(), StringIO()
    data = write_full_set(tmp_path / "given")
    call_command("fetch_movielens", data=data, json=True, stdout=out, stderr=err)
    folder = str(home / "data" / "raw" / "ml-100k")
    expected = {"path": folder, "ratings": 100_000, "users": 943, "movies": 1682, "genres": 19}
    assert json.loads(out.getvalue()) == expected
    assert f"MovieLens-100k is in {folder}" in err.getvalue()


def test_people_get_a_line(home: Path, tmp_path: Path) -> None:
    out = StringIO()
    call_command("fetch_movielens", data=write_full_set(tmp_path / "given"), stdout=out)
    assert out.getvalue().startswith(f"MovieLens-100k is in {home}")


def test_wrong_folder_ends_with_2_and_one_sentence(tmp_path: Path) -> None:
    out = StringIO()
    with pytest.raises(CommandError, match=r"^The folder .*nowhere does not exist\.$") as caught:
        call_command("fetch_movielens", data=tmp_path / "nowhere", stdout=out, stderr=out)
    assert caught.value.returncode == 2


def test_unknown_source_is_refused() -> None:
    with pytest.raises(CommandError, match="invalid choice: 'ftp'"):
        call_command("fetch_movielens", "--source", "ftp")
