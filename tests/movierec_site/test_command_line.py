"""``manage.py`` in a shell that was made for another project, and in places where it may not write."""

import os
import subprocess
import sys

import pytest
from django.conf import settings


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
