"""``pip install .`` into an environment of its own: the command ``movierec`` works far from the checkout."""

import json
import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.site
ROOT = settings.BASE_DIR
# Starts the real site as `movierec serve_demo` does, and reads a page in French and a style sheet.
ASK = """
import json, urllib.request
from django.conf import settings
from recommendations.management.site_process import SiteProcess, free_port
ask = urllib.request.build_opener(urllib.request.ProxyHandler({})).open
site = SiteProcess(free_port())
site.start()
try:
    page = urllib.request.Request(site.address + "/account/sign-in", headers={"Accept-Language": "fr"})
    text = ask(page).read().decode()
    style = ask(site.address + text.split('rel="stylesheet" href="')[1].split('"')[0])
    print(json.dumps({"page": text, "style": style.status, "home": str(settings.MOVIEREC_HOME)}))
finally:
    site.stop()
"""


class Installed:
    """An environment that holds this project and sees the tests' packages, but not the checkout."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.home = folder / "environment", folder / "home"
        self.home.mkdir()
        venv.create(self.folder, symlinks=True)
        self.packages = next(self.folder.glob("lib/python*/site-packages"))
        (self.packages / "packages_of_the_tests.pth").write_text(sysconfig.get_path("purelib") + "\n")
        self.run(
            *(
                sys.executable,
                "-m",
                "pip",
                "--python",
                str(self.folder / "bin" / "python"),
                "install",
                "--quiet",
            ),
            *("--no-index", "--no-deps", "--no-build-isolation", str(ROOT)),
        )

    def run(self, *command: str, **environment: str) -> str:
        inherited = {
            name: value
            for name, value in os.environ.items()
            if name not in ("DJANGO_SETTINGS_MODULE", "MOVIEREC_HOME", "PYTHONPATH", "XDG_DATA_HOME")
        }
        environment = {**inherited, "HOME": str(self.home), **environment}
        done = subprocess.run(
            command, cwd=self.home, env=environment, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def movierec(self, *arguments: str, **environment: str) -> str:
        return self.run(str(self.folder / "bin" / "movierec"), *arguments, **environment)


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    return Installed(tmp_path_factory.mktemp("installed"))


def test_everything_that_the_program_reads_is_installed(installed):
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    tracked = [path for path in listed.stdout.split("\0") if (ROOT / path).is_file()]
    code = ("accounts/", "movierec_site/", "recommendations/", "spark_jobs/")
    moved = ("static/", "templates/", "gunicorn.conf.py")
    wanted = [path for path in tracked if path.startswith(code)]
    wanted += [f"movierec_site/{path}" for path in tracked if path.startswith(moved)]
    assert len(wanted) > 200
    assert [path for path in wanted if not (installed.packages / path).is_file()] == []


def test_nothing_else_lies_about_among_the_packages(installed):
    own = {
        path.name for path in installed.packages.iterdir() if not path.name.startswith(("pip", "setuptools"))
    }
    assert {name for name in own if not name.endswith((".dist-info", ".pth"))} - {"__pycache__"} == {
        "accounts",
        "movierec_site",
        "recommendations",
        "spark_jobs",
        *({"distutils-precedence.pth", "_distutils_hack"} & own),
    }


def test_the_command_explains_itself(installed):
    told = installed.movierec("help")
    assert "Type 'movierec help <subcommand>'" in told
    assert {"serve_demo", "run_pipeline", "recommend"} <= set(told.split())


def test_its_site_speaks_french_and_keeps_its_state_with_the_users_data(installed):
    # With DEBUG, static files are served from where they lie, without collecting and compressing them first.
    told = json.loads(
        installed.movierec("shell", "--no-imports", "--command", ASK, DEBUG="1").splitlines()[-1]
    )
    assert '<html lang="fr"' in told["page"]
    assert "Mot de passe" in told["page"]
    assert told["style"] == 200
    assert told["home"] == str(installed.home / ".local" / "share" / "movierec")
    assert Path(told["home"], "queue").is_dir()


@pytest.mark.parametrize(
    ("environment", "home"),
    [
        ({}, ".local/share/movierec"),
        ({"XDG_DATA_HOME": ""}, ".local/share/movierec"),
        ({"XDG_DATA_HOME": "data of mine"}, "data of mine/movierec"),
        ({"XDG_DATA_HOME": "data", "MOVIEREC_HOME": "~/é"}, "é"),
    ],
)
def test_where_the_state_lies(installed, environment, home):
    ask = "from movierec_site.settings.base import MOVIEREC_HOME; print(ascii(str(MOVIEREC_HOME)))"
    told = installed.run(str(installed.folder / "bin" / "python"), "-c", ask, **environment)
    assert told.strip() == ascii(str(installed.home / home))
