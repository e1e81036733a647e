"""Commands of a moment import only what they use; asserted on modules, not on seconds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
# Runs manage.py and writes at the end which modules were imported.
WATCHED = """
import atexit, json, runpy, sys
modules = sys.argv.pop(1)
atexit.register(lambda: json.dump(sorted(sys.modules), open(modules, "w")))
sys.argv[0] = "manage.py"
runpy.run_path("manage.py", run_name="__main__")
"""
TRAINING = {"matplotlib", "pandas", "pyspark", "scipy", "skops", "sklearn"}
SITE = {
    "movierec_site.celery",
    "movierec_site.urls",
    "recommendations.admin",
    "recommendations.api",
    "recommendations.pages",
    "recommendations.web",
    "redis",
    "rest_framework.views",
}
ENGINES = {
    "elasticsearch",
    "numpy",
    "recommendations.search",
    "recommendations.selectors",
    "recommendations.services",
}


@pytest.mark.parametrize(
    ("arguments", "code", "printed", "unneeded"),
    [
        (["--help"], 0, "Available subcommands", TRAINING | SITE | ENGINES),
        (["recommend", "--user", "196"], 2, "manage.py migrate", TRAINING | SITE),
        (
            ["elasticsearch", "status"],
            1,
            "Elasticsearch is stopped.",
            TRAINING | SITE | {"recommendations.selectors"},
        ),
    ],
)
def test_a_command_imports_what_it_uses(tmp_path, arguments, code, printed, unneeded):
    imported = tmp_path / "modules.json"
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    ended = subprocess.run(
        [sys.executable, "-c", WATCHED, str(imported), *arguments],
        cwd=PROJECT,
        env={**environment, "MOVIEREC_HOME": str(tmp_path / "home"), "ELASTICSEARCH_URL": ""},
        capture_output=True,
        text=True,
    )
    assert ended.returncode == code, ended.stderr
    assert printed in ended.stdout + ended.stderr
    modules = set(json.loads(imported.read_text()))
    assert "django.core.management" in modules
    assert sorted(modules & unneeded) == []
