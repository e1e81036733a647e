"""Finds a Java that both Spark and Elasticsearch run on. No Django, no Spark."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from recommendations.errors import MovierecError

MINIMUM = 17
JVM_FOLDER = Path("/usr/lib/jvm")
_ASK_SECONDS = 30
_SETTING = re.compile(r"^\s*(java\.home|java\.specification\.version) = (.+?)\s*$", re.MULTILINE)


class JavaMissingError(MovierecError):
    """No Java that can be used; the message is one sentence that says what to install."""


@dataclass(frozen=True)
class Java:
    """A Java runtime that has been run once: its ``JAVA_HOME`` and its major version."""

    home: Path
    major: int

    @property
    def executable(self) -> Path:
        """The ``java`` program itself."""
        return self.home / "bin" / "java"


def find_java(
    *, minimum: int = MINIMUM, maximum: int | None = None, environ: Mapping[str, str] | None = None
) -> Java:
    """The best Java of ``JAVA_HOME``, the ``PATH`` and ``/usr/lib/jvm``.

    The lowest version from ``minimum`` to ``maximum`` (both included) wins wherever it lies: 17 is what both
    Spark 4 and Elasticsearch 8 are made for, and the newest Java is what they have been tried on least.

    Raises
    ------
    JavaMissingError
        If there is none; the message names the versions that were found and Debian's package.
    """
    found: list[Java] = []
    for candidate in _candidates(os.environ if environ is None else environ):
        java = _ask(candidate)
        if java is None:
            continue
        if java.major == minimum:
            return java
        found.append(java)
    usable = [java for java in found if minimum <= java.major and (maximum is None or java.major <= maximum)]
    if usable:
        return min(usable, key=lambda java: java.major)
    wanted = f"Java {minimum} or newer" if maximum is None else f"Java {minimum} to {maximum}"
    there = ", ".join(str(major) for major in sorted({java.major for java in found}))
    seen = f"only Java {there} was found" if there else "no Java was found"
    raise JavaMissingError(
        f"{wanted} is needed and {seen}; install it (Debian: apt-get install openjdk-17-jre-headless) "
        "or set JAVA_HOME to its folder."
    )


def _candidates(environ: Mapping[str, str]) -> Iterator[Path]:
    """Existing ``java`` programs, each once, in the order in which a person would expect them."""
    programs = []
    if environ.get("JAVA_HOME"):
        programs.append(Path(environ["JAVA_HOME"], "bin", "java"))
    on_path = shutil.which("java", path=environ.get("PATH", ""))
    if on_path:
        programs.append(Path(on_path))
    programs += sorted(JVM_FOLDER.glob("*/bin/java"))
    seen: set[Path] = set()
    for program in programs:
        real = program.resolve()
        if real not in seen and os.access(real, os.X_OK):
            seen.add(real)
            yield program


def _ask(program: Path) -> Java | None:
    """What this Java says of itself (a shim on the path may stand for one elsewhere); ``None`` if it fails."""
    command = [str(program), "-XshowSettings:properties", "-version"]
    try:
        answer = subprocess.run(command, capture_output=True, text=True, timeout=_ASK_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    settings = dict(_SETTING.findall(answer.stderr))
    version = settings.get("java.specification.version", "").removeprefix("1.")
    if not version.isdigit() or "java.home" not in settings:
        return None
    return Java(home=Path(settings["java.home"]), major=int(version))
