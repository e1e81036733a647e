"""What a web process loads: training's libraries would take more memory than all of the site."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from recommendations.ranking.storage import manifest_digest, save_artefact
from tests.ranking.factories import PREDICTOR, make_artefact, make_people

# Each of them brings the next ones; pytest comes with scikit-learn.
OF_TRAINING = {"sklearn", "skops", "scipy", "pandas", "pyspark", "py4j", "pytest", "matplotlib"}
# A web process that has no database yet makes one, takes the version as its champion, and answers a newcomer.
SERVE = """
import json, sys
import movierec_site.wsgi
from django.core.management import call_command
from django.test import Client
from recommendations.models import ModelVersion

version, digest = sys.argv[1:]
call_command("migrate", interactive=False, verbosity=0)
ModelVersion.objects.create(
    version=version, index_label=version, state="champion", artefact_digest=digest, fingerprint="f", data_digest="d"
)
answer = Client(SERVER_NAME="127.0.0.1").post(
    "/api/v1/recommendations/preview/",
    {"age": 33, "gender": "F", "occupation": "writer", "k": 5},
    content_type="application/json",
)
told = {"status": answer.status_code, "body": answer.json(), "loaded": sorted(sys.modules)}
print(json.dumps(told))
"""


@pytest.mark.site
def test_a_process_that_serves_newcomers_loads_no_library_of_training(tmp_path: Path):
    artefact = make_artefact()
    folder = tmp_path / "models" / artefact.version
    save_artefact(artefact, make_people(artefact), PREDICTOR, folder, {})
    environment = {
        **{name: value for name, value in os.environ.items() if name != "ELASTICSEARCH_URL"},
        "DJANGO_SETTINGS_MODULE": "movierec_site.settings.demo",
        "MOVIEREC_HOME": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'site.sqlite3'}",
    }
    ended = subprocess.run(
        [sys.executable, "-c", SERVE, artefact.version, manifest_digest(folder)],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert ended.returncode == 0, ended.stderr
    told = json.loads(ended.stdout.splitlines()[-1])
    assert (told["status"], len(told["body"]["items"])) == (200, 5), told["body"]
    assert {name.partition(".")[0] for name in told["loaded"]} & OF_TRAINING == set()
