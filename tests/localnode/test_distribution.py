"""Fetching, with a stand-in for Java that does what Ivy would: the real one serves the node tests."""

import hashlib
import stat
import time
import zipfile
from pathlib import Path

import pytest

from recommendations.localnode import distribution, java, places
from recommendations.localnode.distribution import (
    PINNED,
    Pin,
    cache_folder,
    fetch_distribution,
    unpack_distribution,
)
from recommendations.localnode.java import JavaMissingError
from recommendations.localnode.state import NodeError

VERSION = "8.5.0"
GOOD = b"a distribution"


class FakeIvy:
    """``java`` as a shell script: it notes its arguments and then runs ``does`` with the file to make as ``$target``."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "fake-java"
        self.calls = folder / "calls.txt"
        (self.home / "bin").mkdir(parents=True)
        self.does("printf '%s' 'a distribution' > \"$target\"")

    def does(self, commands: str) -> None:
        """Set what a fetch does."""
        program = self.home / "bin" / "java"
        program.write_text(
            "#!/bin/bash\n"
            'if [ "$1" = -XshowSettings:properties ]; then\n'
            f'  echo "  java.home = {self.home}" >&2; echo "  java.specification.version = 17" >&2; exit\nfi\n'
            f'echo "$*" >> {self.calls}\n'
            'for last; do :; done; target="$(dirname "$last")/elasticsearch-8.5.0.zip"\n'
            f"{commands}\n"
        )
        program.chmod(0o755)

    def count(self) -> int:
        """How often something was to be fetched."""
        return len(self.calls.read_text().splitlines()) if self.calls.exists() else 0


@pytest.fixture
def ivy(tmp_path, monkeypatch) -> FakeIvy:
    fake = FakeIvy(tmp_path)
    monkeypatch.setenv("JAVA_HOME", str(fake.home))
    monkeypatch.setitem(PINNED, VERSION, Pin(hashlib.sha256(GOOD).hexdigest(), len(GOOD)))
    return fake


@pytest.fixture
def cache(tmp_path) -> Path:
    return tmp_path / "cache"


def visible(folder: Path) -> list[str]:
    """What a person sees there, and whatever a fetch could have left."""
    return sorted(path.name for path in folder.iterdir() if not path.name.endswith(".lock"))


def test_it_arrives_under_its_name_with_the_command_that_is_documented(ivy, cache):
    seen = []
    fetched = fetch_distribution(VERSION, cache, lambda stage, fraction: seen.append((stage, fraction)))
    assert fetched == cache / "elasticsearch-8.5.0.zip"
    assert fetched.read_bytes() == GOOD
    assert visible(cache) == ["elasticsearch-8.5.0.zip"]
    words = ivy.calls.read_text().split()
    assert words[0] == "-jar"
    assert Path(words[1]).match("pyspark/jars/ivy-*.jar")
    assert words[2:4] == ["-m2compatible", "-cache"]
    assert words[5:12] == [
        *("-dependency", "org.elasticsearch.distribution.integ-test-zip", "elasticsearch", VERSION),
        *("-types", "zip", "-notransitive"),
    ]
    assert words[12] == "-retrieve"
    assert words[13].endswith("/[artifact]-[revision].[ext]")
    assert seen[0] == ("Fetching Elasticsearch 8.5.0", 0.0)
    assert seen[-1] == ("Fetching Elasticsearch 8.5.0", 1.0)


def test_what_is_cached_is_not_fetched_again(ivy, cache):
    first = fetch_distribution(VERSION, cache)
    written = first.stat().st_mtime_ns
    assert fetch_distribution(VERSION, cache) == first
    assert ivy.count() == 1
    assert first.stat().st_mtime_ns == written


def test_a_wrong_checksum_leaves_nothing_behind(ivy, cache):
    ivy.does('printf tampered > "$target"')
    with pytest.raises(
        NodeError, match=r"with SHA-256 [0-9a-f]{64} instead of [0-9a-f]{64}; it was thrown away"
    ):
        fetch_distribution(VERSION, cache)
    assert visible(cache) == []


def test_a_cached_file_that_was_damaged_is_fetched_again(ivy, cache):
    fetch_distribution(VERSION, cache).write_bytes(b"cut sh")
    assert fetch_distribution(VERSION, cache).read_bytes() == GOOD
    assert ivy.count() == 2


def test_what_a_killed_fetch_left_is_cleaned_up(ivy, cache):
    (cache / ".fetch-8.5.0-abc" / "ivy").mkdir(parents=True)
    fetch_distribution(VERSION, cache)
    assert visible(cache) == ["elasticsearch-8.5.0.zip"]


def test_an_interruption_ends_the_fetch_and_leaves_nothing(ivy, cache):
    ivy.does(f"echo $$ > {cache}/pid.lock; exec sleep 60")

    def interrupt(stage, fraction):
        if (cache / "pid.lock").exists():
            raise KeyboardInterrupt

    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        fetch_distribution(VERSION, cache, interrupt)
    assert time.monotonic() - begun < 20  # it was ended, not waited for
    assert visible(cache) == []
    assert not Path("/proc", (cache / "pid.lock").read_text().strip()).exists()


@pytest.mark.parametrize(
    ("says", "sentence"),
    [
        (
            ":: org.elasticsearch#elasticsearch;8.5.0: not found",
            "Elasticsearch 8.5.0 is not published; use one of",
        ),
        (
            "Server access error: UnknownHostException ... not found",
            "could not be fetched; check the network",
        ),
    ],
)
def test_why_it_did_not_arrive(ivy, cache, says, sentence):
    ivy.does(f"echo '{says}'; exit 1")
    with pytest.raises(NodeError, match=sentence):
        fetch_distribution(VERSION, cache)
    assert visible(cache) == []


def test_no_disk_space_is_said_before_anything_is_fetched(ivy, cache, monkeypatch):
    monkeypatch.setattr(places.shutil, "disk_usage", lambda folder: type("Usage", (), {"free": 10})())
    with pytest.raises(
        NodeError, match=r"Not enough disk space in .*cache.*fetch Elasticsearch.*MOVIEREC_CACHE"
    ):
        fetch_distribution(VERSION, cache)
    assert ivy.count() == 0


def test_no_java_is_said(cache, monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr(java, "JVM_FOLDER", cache)
    with pytest.raises(JavaMissingError, match="openjdk-17-jre-headless"):
        fetch_distribution(VERSION, cache)


@pytest.mark.parametrize("version", ["9.0.0", "8.5", "../../8.5.0", "8.5.0-SNAPSHOT", ""])
def test_what_is_no_version_is_refused(cache, version):
    with pytest.raises(NodeError, match="is not a version of Elasticsearch 8"):
        fetch_distribution(version, cache)
    assert not cache.exists()


def test_a_version_without_a_pin_needs_a_checksum_from_the_operator(monkeypatch):
    monkeypatch.delenv("ELASTICSEARCH_SHA256", raising=False)
    with pytest.raises(NodeError, match=r"8\.6\.2 has no pinned checksum.*ELASTICSEARCH_SHA256"):
        distribution.expected("8.6.2")
    monkeypatch.setenv("ELASTICSEARCH_SHA256", "AB" * 32)
    assert distribution.expected("8.6.2").sha256 == "ab" * 32
    assert distribution.expected("8.19.21").sha256 == PINNED["8.19.21"].sha256


def test_where_the_cache_lies():
    home = {"HOME": "/h"}
    assert cache_folder({**home, "MOVIEREC_CACHE": "/m", "XDG_CACHE_HOME": "/x"}) == Path("/m")
    assert cache_folder({**home, "XDG_CACHE_HOME": "/x"}) == Path("/x/movierec")
    assert cache_folder(home) == Path.home() / ".cache" / "movierec"


@pytest.fixture
def archive(tmp_path) -> Path:
    path = tmp_path / "elasticsearch-8.5.0.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for name, mode in (("bin/elasticsearch", 0o755), ("config/x.yml", 0o660)):
            entry = zipfile.ZipInfo(f"elasticsearch-8.5.0/{name}")
            entry.external_attr = (stat.S_IFREG | mode) << 16
            packed.writestr(entry, "x")
    return path


def test_programs_stay_programs_and_everything_is_readable(archive, tmp_path):
    folder = tmp_path / "node"
    folder.mkdir()
    unpacked = unpack_distribution(archive, folder)
    assert stat.S_IMODE((unpacked / "bin" / "elasticsearch").stat().st_mode) == 0o755
    assert stat.S_IMODE((unpacked / "config" / "x.yml").stat().st_mode) == 0o644
    assert visible(folder) == ["elasticsearch-8.5.0"]
    (unpacked / "kept").touch()
    unpack_distribution(archive, folder)
    assert (unpacked / "kept").exists()


def test_a_broken_unpacking_leaves_nothing_that_looks_complete(archive, tmp_path, monkeypatch):
    folder = tmp_path / "node"
    (folder / ".unpack-old").mkdir(parents=True)

    def fail(*arguments):
        raise OSError("disk full")

    monkeypatch.setattr(distribution.os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        unpack_distribution(archive, folder)
    assert visible(folder) == []
