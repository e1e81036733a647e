"""The images: what goes in, and as whom they run."""

import fnmatch
import re
import subprocess
from pathlib import PurePosixPath

from django.conf import settings

ROOT = settings.BASE_DIR
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
DATA = ("u.data", "u.item", "u.user", "*.npz", "*.skops", "*.parquet", "*.sqlite3", ".env", "*.pem", "*.key")


STAGES = {
    re.match(r"FROM \S+ AS (\S+)", stage)[1]: stage for stage in re.split(r"(?m)^(?=FROM )", DOCKERFILE)[1:]
}


def context() -> list[str]:
    """The tracked files that .dockerignore lets in."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*", "everything is left out that is not named"
    let_in = [rule[1:] for rule in rules if rule.startswith("!")]
    left_out = [rule.removeprefix("**/") for rule in rules[1:] if not rule.startswith("!")]
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    return [
        path
        for path in tracked
        if any(path == room or path.startswith(f"{room}/") for room in let_in)
        and not any(fnmatch.fnmatch(part, rule) for part in PurePosixPath(path).parts for rule in left_out)
    ]


def test_two_images_on_a_base_that_can_be_named():
    assert DOCKERFILE.count("ARG BASE_IMAGE=python:3.11-slim") == 1
    for name in ("translations", "builder", "common"):
        assert STAGES[name].startswith("FROM ${BASE_IMAGE}")
    for name in ("site-packages", "spark-packages"):
        assert STAGES[name].startswith("FROM builder")
        assert "--require-hashes" in STAGES[name]
    for name in ("site", "spark"):
        assert STAGES[name].startswith("FROM common")
        assert "pip install" not in STAGES[name]
        assert f"COPY --from={name}-packages" in STAGES[name]


def test_only_the_image_of_spark_has_java():
    """The packages of each are held by ``tests/scripts/test_requirements.py``."""
    assert "jre" in STAGES["spark"]
    assert "jre" not in STAGES["common"] + STAGES["site"]
    assert "requirements/site.txt" in STAGES["site-packages"]


def test_they_run_as_somebody_without_rights():
    assert "useradd --system --uid 10001" in STAGES["common"]
    for name in ("site", "spark"):
        assert re.findall(r"(?m)^USER (.+)$", STAGES[name]) == ["movierec"]
        # Whatever comes after USER neither installs nor copies.
        assert not re.search(r"(?m)^(RUN|COPY|ADD) ", STAGES[name].split("\nUSER ")[1])


def test_health_and_signals():
    assert re.search(r"(?m)^HEALTHCHECK .*\\\n +CMD \[", STAGES["site"])
    assert 'ENTRYPOINT ["tini", "--"]' in STAGES["common"]


def test_no_secret_is_baked_in():
    assert not re.search(r"(?i)(secret|password|token)[\w]*=", DOCKERFILE)


def test_the_context_holds_the_program_and_no_data():
    files = context()
    assert {
        "manage.py",
        "requirements/site.txt",
        "requirements/base.txt",
        "docker/healthcheck.py",
        "gunicorn.conf.py",
    } <= set(files)
    assert not [path for path in files if path.startswith(("tests/", "var/", "data/", "docs/", ".git"))]
    for path in files:
        assert not any(fnmatch.fnmatch(PurePosixPath(path).name, pattern) for pattern in DATA), path
    assert sum((ROOT / path).stat().st_size for path in files) < 20_000_000


def test_scripts_of_the_image_can_be_run():
    for path in (
        "docker/init.sh",
        "docker/notebook.sh",
        "commande.sh",
        "docker/stand-ins/docker-entrypoint.sh",
        "scripts/compose.sh",
        "scripts/stack_file.sh",
        "scripts/stack_test.sh",
    ):
        assert (ROOT / path).stat().st_mode & 0o111, path
        subprocess.run(["bash", "-n", str(ROOT / path)], check=True)
