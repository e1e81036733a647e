"""The session's settings, and what a cluster gets of this project."""

import json
import subprocess
import sys
import zipfile

import pytest

from spark_jobs import PROJECT_ROOT
from spark_jobs.session import is_local, pack_code

# In a process of its own, because a process has one JVM and the tests share theirs.
_CHILD = """
import json, sys
from spark_jobs.session import build_session
spark = build_session("child", master="local[1]", driver_memory="700m", extra={"spark.sql.shuffle.partitions": "3"})
heap = spark._jvm.java.lang.Runtime.getRuntime().maxMemory()
worker = spark.sparkContext.parallelize([0], 1).map(lambda _: __import__("spark_jobs.progress").__file__).first()
print("@" + json.dumps({
    "heap": heap, "worker": worker, "ui": spark.sparkContext.uiWebUrl,
    "partitions": spark.conf.get("spark.sql.shuffle.partitions"),
    "zone": spark.conf.get("spark.sql.session.timeZone"),
    "python": sys.executable,
}))
spark.stop()
"""


@pytest.mark.spark
def test_a_session_from_any_folder_takes_its_settings_and_keeps_quiet(tmp_path):
    code = f"import sys; sys.path.insert(0, {str(PROJECT_ROOT)!r})\n{_CHILD}"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=180
    )
    assert done.returncode == 0, done.stderr
    line = next(line for line in done.stdout.splitlines() if line.startswith("@"))
    told = json.loads(line[1:])
    # The parallel collector counts one survivor space less than what was asked for.
    assert 500 << 20 < told["heap"] <= 700 << 20
    assert told["worker"] == str(PROJECT_ROOT / "spark_jobs" / "__init__.py")
    assert (told["partitions"], told["zone"], told["ui"]) == ("3", "UTC", None)
    assert " WARN " not in done.stderr
    assert " INFO " not in done.stderr
    assert "Reconfiguration failed" not in done.stderr
    # Nothing may be left in the folder of the caller.
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("master", "local"), [("local[*]", True), ("local", True), ("spark://host:7077", False)]
)
def test_which_masters_are_local(master, local):
    assert is_local(master) is local


def test_the_code_for_a_cluster_can_be_imported_from_its_archive(tmp_path):
    archive = pack_code(tmp_path / "code.zip")
    names = zipfile.ZipFile(archive).namelist()
    assert "spark_jobs/transforms/parse.py" in names
    assert all(name.endswith(".py") for name in names)
    code = "import sys; sys.path.insert(0, sys.argv[1]); import spark_jobs.transforms.parse as m; print(m.__file__)"
    done = subprocess.run(
        [sys.executable, "-c", code, str(archive)], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == f"{archive}/spark_jobs/transforms/parse.py"
