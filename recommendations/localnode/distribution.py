"""Fetches and unpacks an Elasticsearch distribution, checked against a pinned SHA-256.

The Ivy jar inside pyspark brings it from the Maven repository, so nothing but Java has to be installed.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from recommendations.localnode.java import find_java
from recommendations.localnode.places import require_free_space
from recommendations.localnode.state import NodeError, file_lock

# A stage in words, and how much of it is done (0 to 1) where that is known.
Progress = Callable[[str, float | None], None]

DEFAULT_VERSION = "8.19.21"
_ORGANISATION = "org.elasticsearch.distribution.integ-test-zip"
_FETCH_SECONDS = 900.0
_POLL_SECONDS = 0.2
_UNKNOWN_SIZE = 110_000_000


@dataclass(frozen=True)
class Pin:
    """What a published distribution must be; ``size`` in bytes only feeds the progress bar."""

    sha256: str
    size: int | None = None


PINNED: dict[str, Pin] = {
    "8.19.21": Pin("215d5f3dbf0609a149f6218a9e47b6ae2df34ebbff3c5754e35f15a5e5393c8a", 106_871_955),
    "8.5.3": Pin("e15ae6acedb84ea1e885cbc5555d83d26de729f6e52dc0899d4deef5cdc7ec36"),
    "8.5.0": Pin("39bb444704b1cd1f73301db6e43e60ed313d2e8b545008008cc17008e31c295d", 78_057_385),
}


def silent(stage: str, fraction: float | None) -> None:
    """A :data:`Progress` for nobody."""


def cache_folder(environ: Mapping[str, str] | None = None) -> Path:
    """The user's cache: ``MOVIEREC_CACHE``, ``$XDG_CACHE_HOME/movierec`` or ``~/.cache/movierec``."""
    known = os.environ if environ is None else environ
    if known.get("MOVIEREC_CACHE"):
        return Path(known["MOVIEREC_CACHE"]).expanduser()
    if known.get("XDG_CACHE_HOME"):
        return Path(known["XDG_CACHE_HOME"], "movierec")
    return Path.home() / ".cache" / "movierec"


def expected(version: str, environ: Mapping[str, str] | None = None) -> Pin:
    """The pin of ``version``; for one that is not pinned here, the operator's ``ELASTICSEARCH_SHA256``.

    Raises
    ------
    NodeError
        If ``version`` is not a version of Elasticsearch 8, or nothing says what it has to be.
    """
    if not re.fullmatch(r"8\.\d{1,3}\.\d{1,3}", version):
        raise NodeError(
            f"{version!r} is not a version of Elasticsearch 8; expected for example {DEFAULT_VERSION}."
        )
    if version in PINNED:
        return PINNED[version]
    given = (os.environ if environ is None else environ).get("ELASTICSEARCH_SHA256", "").strip().lower()
    if not re.fullmatch(r"[0-9a-f]{64}", given):
        raise NodeError(
            f"Elasticsearch {version} has no pinned checksum; use one of {', '.join(PINNED)}, "
            "or set ELASTICSEARCH_SHA256 to the SHA-256 that its zip must have."
        )
    return Pin(given)


def fetch_distribution(version: str, cache_dir: Path, progress: Progress = silent) -> Path:
    """The zip of ``version`` in ``cache_dir``, fetched if it is not there yet.

    The file appears under its name only after its SHA-256 was checked; whatever goes wrong leaves nothing behind.

    Raises
    ------
    NodeError
        For an unknown version, no disk space, no network, or a wrong checksum.
    JavaMissingError
        If there is no Java to fetch it with.
    """
    pin = expected(version)
    target = cache_dir / f"elasticsearch-{version}.zip"
    cache_dir.mkdir(parents=True, exist_ok=True)
    with file_lock(cache_dir / f".elasticsearch-{version}.lock", timeout_seconds=_FETCH_SECONDS):
        if target.exists():
            if _sha256(target) == pin.sha256:
                return target
            target.unlink()
        for leftover in cache_dir.glob(f".fetch-{version}-*"):  # of a fetch that was killed
            shutil.rmtree(leftover, ignore_errors=True)
        # Ivy keeps one copy in its own cache and hands out another one.
        needed = 2 * (pin.size or _UNKNOWN_SIZE)
        require_free_space(
            cache_dir,
            needed,
            purpose=f"fetch Elasticsearch {version}",
            remedy="free some, or set MOVIEREC_CACHE to another folder",
        )
        with tempfile.TemporaryDirectory(prefix=f".fetch-{version}-", dir=cache_dir) as work:
            fetched = _run_ivy(version, Path(work), pin, progress)
            actual = _sha256(fetched)
            if actual != pin.sha256:
                raise NodeError(
                    f"Elasticsearch {version} was fetched with SHA-256 {actual} instead of {pin.sha256}; "
                    "it was thrown away, so try again, and if it happens again do not trust the source."
                )
            os.replace(fetched, target)
    return target


def _ivy_jar() -> Path:
    spec = importlib.util.find_spec("pyspark")
    for place in (spec.submodule_search_locations or []) if spec is not None else []:
        for jar in sorted(Path(place, "jars").glob("ivy-*.jar")):
            return jar
    raise NodeError("The Ivy jar of pyspark was not found; install the environment with: make setup")


def _run_ivy(version: str, work: Path, pin: Pin, progress: Progress) -> Path:
    command = [
        *(str(find_java().executable), "-jar", str(_ivy_jar()), "-m2compatible", "-cache", str(work / "ivy")),
        *("-dependency", _ORGANISATION, "elasticsearch", version, "-types", "zip", "-notransitive"),
        *("-retrieve", f"{work}/[artifact]-[revision].[ext]"),
    ]
    stage = f"Fetching Elasticsearch {version}"
    progress(stage, 0.0)
    log = work / "ivy.log"
    with log.open("wb") as output:
        ivy = subprocess.Popen(
            command,
            cwd=work,
            # In the locale C, Java could not open a folder with an accent in its name.
            env={**os.environ, "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        try:
            deadline = time.monotonic() + _FETCH_SECONDS
            while ivy.poll() is None:
                if time.monotonic() > deadline:
                    raise NodeError(
                        f"Elasticsearch {version} did not arrive within {_FETCH_SECONDS:.0f} seconds."
                    )
                progress(stage, _arrived(work, pin))
                time.sleep(_POLL_SECONDS)
        finally:
            if ivy.poll() is None:
                ivy.kill()
            ivy.wait()
    fetched = work / f"elasticsearch-{version}.zip"
    if ivy.returncode != 0 or not fetched.exists():
        said = log.read_text(errors="replace")
        if "not found" in said and "Server access" not in said:
            raise NodeError(f"Elasticsearch {version} is not published; use one of {', '.join(PINNED)}.")
        lines = [line for line in said.splitlines() if line.strip(" .")]
        raise NodeError(
            f"Elasticsearch {version} could not be fetched; check the network and try again.",
            log_tail="\n".join(lines[-15:]),
        )
    progress(stage, 1.0)
    return fetched


def _arrived(work: Path, pin: Pin) -> float | None:
    if pin.size is None:
        return None
    # Ivy renames its file when it is complete, which may happen between the listing and the look.
    sizes = [path.stat().st_size for path in work.glob("ivy/*/elasticsearch/zips/*") if path.exists()]
    return min(1.0, max(sizes, default=0) / pin.size)


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def unpack_distribution(archive: Path, folder: Path, progress: Progress = silent) -> Path:
    """Unpack into ``folder``/(the archive's name) unless that is there; complete or not at all. Returns it.

    Raises
    ------
    NodeError
        If the disk has no room for it.
    """
    target = folder / archive.stem
    if target.is_dir():
        return target
    progress(f"Unpacking {archive.stem}", None)
    for leftover in folder.glob(".unpack-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    with zipfile.ZipFile(archive) as packed:
        needed = int(1.1 * sum(entry.file_size for entry in packed.infolist()))
        require_free_space(folder, needed, purpose=f"unpack {archive.stem}", remedy="free some and try again")
        with tempfile.TemporaryDirectory(prefix=".unpack-", dir=folder) as work:
            for entry in packed.infolist():
                path = Path(packed.extract(entry, work))
                # The node's user reads what this user unpacks, whatever this user's umask is.
                path.chmod(0o755 if entry.is_dir() or entry.external_attr >> 16 & 0o100 else 0o644)
            os.replace(Path(work, archive.stem), target)
    target.chmod(0o755)
    return target
