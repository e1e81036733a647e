"""A folder is there as a whole or not at all."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from spark_jobs.staging import replaced_folder

PROJECT = Path(__file__).resolve().parents[2]


def test_the_folder_appears_at_the_end_only(tmp_path):
    target = tmp_path / "deep" / "parsed"
    with replaced_folder(target) as staging:
        (staging / "a").write_text("new")
        assert not target.exists()
    assert (target / "a").read_text() == "new"
    assert os.listdir(target.parent) == ["parsed"]


def test_a_former_folder_is_replaced_as_a_whole(tmp_path):
    target = tmp_path / "parsed"
    target.mkdir()
    (target / "old").write_text("old")
    with replaced_folder(target) as staging:
        (staging / "a").write_text("new")
        assert (target / "old").read_text() == "old"
    assert os.listdir(target) == ["a"]
    assert os.listdir(tmp_path) == ["parsed"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_after_an_error_everything_is_as_before(tmp_path, error):
    target = tmp_path / "parsed"
    target.mkdir()
    (target / "old").write_text("old")

    def half() -> None:
        with replaced_folder(target) as staging:
            (staging / "a").write_text("half")
            raise error

    with pytest.raises(error):
        half()
    assert os.listdir(target) == ["old"]
    assert os.listdir(tmp_path) == ["parsed"]


def test_a_killed_process_leaves_the_former_folder_and_its_rest_goes_with_the_next_run(tmp_path):
    target = tmp_path / "parsed"
    target.mkdir()
    (target / "old").write_text("old")
    code = (
        "import sys, time; from pathlib import Path; from spark_jobs.staging import replaced_folder\n"
        "with replaced_folder(Path(sys.argv[1])) as staging:\n"
        "    (staging / 'a').write_text('half'); print('ready', flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(target)], cwd=PROJECT, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(signal.SIGKILL)
    assert os.listdir(target) == ["old"]
    with replaced_folder(target) as staging:
        assert os.listdir(staging) == []
        (staging / "b").write_text("whole")
    assert os.listdir(target) == ["b"]
    assert os.listdir(tmp_path) == ["parsed"]


def test_killed_between_the_two_renames_the_former_folder_comes_back(tmp_path):
    previous = tmp_path / ".parsed-previous"
    previous.mkdir()
    (previous / "old").write_text("old")
    with pytest.raises(RuntimeError), replaced_folder(tmp_path / "parsed"):
        raise RuntimeError
    assert (tmp_path / "parsed" / "old").read_text() == "old"


def test_if_the_new_folder_cannot_be_moved_the_former_one_stays(tmp_path, monkeypatch):
    target = tmp_path / "parsed"
    target.mkdir()
    (target / "old").write_text("old")
    real = os.replace

    def refuse_the_new(source: Path, destination: Path) -> None:
        if source.name == ".parsed-staging":
            raise OSError("no space left")
        real(source, destination)

    monkeypatch.setattr(os, "replace", refuse_the_new)
    with pytest.raises(OSError, match="no space left"), replaced_folder(target) as staging:
        (staging / "a").write_text("new")
    assert os.listdir(target) == ["old"]
    assert os.listdir(tmp_path) == ["parsed"]


def test_a_second_process_waits_for_the_first(tmp_path):
    target = tmp_path / "parsed"
    code = (
        "import sys; from pathlib import Path; from spark_jobs.staging import replaced_folder\n"
        "print('here', flush=True)\n"
        "with replaced_folder(Path(sys.argv[1])) as staging:\n"
        "    (staging / 'b').write_text('second')\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(target)], cwd=PROJECT, stdout=subprocess.PIPE
    ) as process:
        with replaced_folder(target) as staging:
            assert process.stdout is not None
            assert process.stdout.readline() == b"here\n"
            (staging / "a").write_text("first")
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(0.5)
            assert os.listdir(staging) == ["a"]
        assert process.wait(60) == 0
    assert os.listdir(target) == ["b"]
