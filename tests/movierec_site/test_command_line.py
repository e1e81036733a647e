"""``manage.py`` in a shell that was made for another project, and in places where it may not write."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from movierec_site.private_home import open_home


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("name", ["shop.settings", "other_project_settings", "movierec_site"])
def test_settings_of_another_project_are_refused_in_one_sentence(tmp_path, name):
    (tmp_path / "other_project_settings.py").write_text('ROOT_URLCONF = "shop.urls"\n')
    done = manage("version", DJANGO_SETTINGS_MODULE=name, PYTHONPATH=str(tmp_path))
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith(f"DJANGO_SETTINGS_MODULE is {name!r}, which")
    assert done.stdout == ""


def test_settings_of_ones_own_that_build_on_ours_are_taken(tmp_path):
    (tmp_path / "own_settings.py").write_text(
        'from movierec_site.settings.test import *\nprint("own settings")\n'
    )
    own = {"DJANGO_SETTINGS_MODULE": "own_settings", "PYTHONPATH": str(tmp_path)}
    done = manage("version", **own)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "own settings"), done.stderr


def test_an_option_is_stronger_than_the_shell(tmp_path):
    done = manage(
        "version", "--settings", "movierec_site.settings.test", DJANGO_SETTINGS_MODULE="shop.settings"
    )
    assert done.returncode == 0, done.stderr


def test_a_home_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").touch()
    home = str(tmp_path / "file" / "home")
    done = manage("version", DJANGO_SETTINGS_MODULE="movierec_site.settings.demo", MOVIEREC_HOME=home)
    assert done.returncode == 2
    assert done.stderr.startswith(f"{home} cannot be written (Not a directory)")
    assert done.stderr.count("\n") == 1


DEMO = "movierec_site.settings.demo"


@pytest.mark.parametrize("command", ["recommend", "run_pipeline", "check", "elasticsearch", "--help"])
def test_it_is_told_by_every_command(tmp_path, command):
    (tmp_path / "home").touch()
    done = manage(command, DJANGO_SETTINGS_MODULE=DEMO, MOVIEREC_HOME=str(tmp_path / "home"))
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1


def test_so_is_a_home_that_means_nothing(tmp_path):
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for home in ("~nobody-of-this-name/home", str(tmp_path / "loop" / "home"), str(tmp_path / ("x" * 300))):
        done = manage("version", DJANGO_SETTINGS_MODULE=DEMO, MOVIEREC_HOME=home)
        assert done.returncode == 2, home
        assert done.stderr.count("\n") == 1, done.stderr
        assert "choose a folder of your own with MOVIEREC_HOME" in done.stderr


def test_so_is_a_home_of_another_user(tmp_path, capfd):
    home = tmp_path / "home"
    home.mkdir(mode=0o500)
    child = os.fork()
    if child == 0:
        if os.geteuid() == 0:
            os.seteuid(65534)
        try:
            open_home(home, folders=("queue",))
        except SystemExit as ended:
            os._exit(int(ended.code or 0))
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 2
    assert f"{home} cannot be written (Permission denied); choose a folder" in capfd.readouterr().err


def test_a_home_is_closed_to_other_users(tmp_path):
    home = tmp_path / "home"
    (home / "mail").mkdir(parents=True)
    home.chmod(0o755)
    for name in ("movierec.sqlite3", "movierec.sqlite3-wal", "mail/letter.log"):
        (home / name).touch(0o644)
    done = manage("migrate", "--verbosity", "0", DJANGO_SETTINGS_MODULE=DEMO, MOVIEREC_HOME=str(home))
    assert done.returncode == 0, done.stderr
    assert home.stat().st_mode & 0o777 == 0o700
    files = [path for path in home.rglob("*") if path.is_file()]
    assert len(files) >= 3
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


def test_a_folder_that_the_system_shares_keeps_its_rights(tmp_path):
    tmp_path.chmod(0o1777)
    done = manage("version", DJANGO_SETTINGS_MODULE=DEMO, MOVIEREC_HOME=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert tmp_path.stat().st_mode & 0o7777 == 0o1777


def test_a_terminal_without_accents_is_no_error(tmp_path):
    (tmp_path / "own_settings.py").write_text(
        'from movierec_site.settings.test import *\nprint("Am\u00e9lie \u2026")\n'
    )
    own = {"DJANGO_SETTINGS_MODULE": "own_settings", "PYTHONPATH": str(tmp_path)}
    done = manage("version", PYTHONIOENCODING="ascii", **own)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Am?lie ?\n")
