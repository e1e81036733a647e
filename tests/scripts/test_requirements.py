"""The locked requirements are those of pyproject.toml, for every Python that it names."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.scripts.machine import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
GROUPS = {"base": [], **PROJECT["dependency-groups"]}
# A group may contain another one.
GROUPS = {
    name: [
        one
        for entry in entries
        for one in (GROUPS[entry["include-group"]] if isinstance(entry, dict) else [entry])
    ]
    for name, entries in GROUPS.items()
}
# A group adds to the dependencies of the project; this one is a part of them.
ALONE = {"site"}
PYTHONS = ("3.11.0", "3.12.0", "3.13.0", "3.14.0")


def blocks(group: str) -> list[str]:
    """Each pin of an export with its hashes."""
    text = (ROOT / "requirements" / f"{group}.txt").read_text(encoding="utf-8")
    return re.findall(r"(?m)^[a-z].*\n(?:^ +--hash.*\n)*", text)


def pins(group: str, python: str) -> dict[str, Version]:
    """What is installed on this Python under Linux."""
    linux = {
        "python_version": python.rpartition(".")[0],
        "python_full_version": python,
        "sys_platform": "linux",
        "os_name": "posix",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    found = {}
    for block in blocks(group):
        requirement = Requirement(block.split(" \\\n")[0])
        if requirement.marker is None or requirement.marker.evaluate(linux):
            (pin,) = requirement.specifier
            assert canonicalize_name(requirement.name) not in found
            found[canonicalize_name(requirement.name)] = Version(pin.version)
    return found


def test_the_pythons_are_those_of_the_project():
    from_to = Requirement(f"python{PROJECT['project']['requires-python']}").specifier
    assert [python for python in ("3.10.9", *PYTHONS, "3.15.0") if python in from_to] == list(PYTHONS)
    scripts = (ROOT / "scripts" / "common.sh").read_text(encoding="utf-8")
    told = re.search(r'(?m)^pythons="(.+)"$', scripts)
    assert told
    assert {f"{version}.0" for version in told[1].split()} == set(PYTHONS)


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("group", GROUPS)
def test_what_pyproject_asks_for_is_pinned_as_it_asks(group, python):
    pinned = pins(group, python)
    dependencies = [] if group in ALONE else PROJECT["project"]["dependencies"]
    for wanted in map(Requirement, [*dependencies, *GROUPS[group]]):
        assert pinned[canonicalize_name(wanted.name)] in wanted.specifier


@pytest.mark.parametrize("python", PYTHONS)
def test_an_environment_for_dev_serves_the_demo_unchanged(python):
    base, dev = pins("base", python), pins("dev", python)
    assert base == {name: version for name, version in dev.items() if name in base}


@pytest.mark.parametrize("python", PYTHONS)
def test_the_site_has_the_same_versions_as_the_whole_and_nothing_of_training(python):
    """What both images have is the same: the worker reads what the site wrote, and the other way round."""
    site, whole = pins("site", python), pins("base", python)
    training = {"pyspark", "py4j", "scikit-learn", "skops", "scipy", "pandas", "pyarrow", "implicit"}
    assert training <= set(whole)
    assert not training & set(site)
    assert site.items() <= whole.items()


@pytest.mark.parametrize("group", GROUPS)
def test_every_pin_has_hashes_and_no_address(group):
    assert len(blocks(group)) > 50
    assert [block for block in blocks(group) if " --hash=sha256:" not in block] == []
    assert "://" not in "".join(blocks(group))
