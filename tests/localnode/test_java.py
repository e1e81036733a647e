"""Which Java is taken, with stand-ins that say what a Java says, and with the real one."""

from pathlib import Path

import pytest

from recommendations.localnode import java
from recommendations.localnode.java import JavaMissingError, find_java


def put_java(folder: Path, version: str) -> Path:
    """A program that answers like ``java -XshowSettings:properties -version``; returns its home."""
    program = folder / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(
        f'#!/bin/sh\necho "    java.home = {folder}" >&2\n'
        f'echo "    java.specification.version = {version}" >&2\n'
    )
    program.chmod(0o755)
    return folder


@pytest.fixture(autouse=True)
def no_system_java(tmp_path, monkeypatch):
    monkeypatch.setattr(java, "JVM_FOLDER", tmp_path / "jvm")


def on_path(home: Path) -> dict[str, str]:
    return {"PATH": f"{home / 'bin'}:/usr/bin:/bin"}


def test_the_machine_has_a_java_that_serves(monkeypatch):
    monkeypatch.undo()
    found = find_java()
    assert found.major >= 17
    assert found.executable.is_file()


def test_17_wins_over_a_newer_java_home(tmp_path):
    newer = put_java(tmp_path / "25", "25")
    wanted = put_java(tmp_path / "jvm" / "17", "17")
    assert find_java(environ={"JAVA_HOME": str(newer), "PATH": ""}).home == wanted


def test_without_17_the_lowest_that_is_new_enough(tmp_path):
    put_java(tmp_path / "jvm" / "a", "25")
    put_java(tmp_path / "jvm" / "b", "11")
    wanted = put_java(tmp_path / "jvm" / "c", "21")
    assert find_java(environ={"PATH": ""}) == java.Java(home=wanted, major=21)


def test_a_shim_on_the_path_stands_for_the_java_that_it_names(tmp_path):
    real = put_java(tmp_path / "real", "17")
    shim = tmp_path / "shims" / "java"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nexec {real}/bin/java "$@"\n')
    shim.chmod(0o755)
    assert find_java(environ={"PATH": f"{shim.parent}:/usr/bin:/bin"}).home == real


def test_a_broken_java_home_is_passed_over(tmp_path):
    broken = tmp_path / "broken" / "bin" / "java"
    broken.parent.mkdir(parents=True)
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    wanted = put_java(tmp_path / "jvm" / "17", "17")
    assert find_java(environ={"JAVA_HOME": str(tmp_path / "broken"), "PATH": ""}).home == wanted


def test_none_at_all_says_what_to_install():
    with pytest.raises(JavaMissingError, match=r"no Java was found.*openjdk-17-jre-headless"):
        find_java(environ={"PATH": ""})


def test_too_old_is_named_as_it_was_found(tmp_path):
    old = put_java(tmp_path / "old", "1.8")
    with pytest.raises(JavaMissingError, match=r"Java 17 or newer is needed and only Java 8 was found"):
        find_java(environ=on_path(old))


def test_too_new_is_refused_where_a_maximum_holds(tmp_path):
    new = put_java(tmp_path / "new", "25")
    with pytest.raises(JavaMissingError, match="Java 17 to 23 is needed and only Java 25 was found"):
        find_java(maximum=23, environ=on_path(new))
