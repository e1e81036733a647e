"""The set-up on other systems, other Pythons, without the network, and in a checkout of somebody else."""

import os
import re
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.scripts.machine import ROOT, Machine, as_root, prepare_environment, synced

TRIXIE = 'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nVERSION_CODENAME=trixie\n'
SUPPORTED = ("3.11", "3.12", "3.13", "3.14")


def refused(done: subprocess.CompletedProcess[str]) -> str:
    """The one sentence with which a script has ended."""
    assert done.returncode == 2, done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def without_python(machine: Machine) -> None:
    (machine.path / "python3.11").unlink()


def makes_environments(machine: Machine) -> None:
    """A uv that makes an environment on the Python that it is given."""
    prepare_environment(machine)
    machine.recorded("uv", '[ "$1" != venv ] || { mkdir -p .venv/bin; ln -s "$4" .venv/bin/python; }')


def made_on(machine: Machine) -> list[str]:
    """The Pythons on which environments were made, in order."""
    return [call.split(" --python ")[1] for call in machine.calls() if call.startswith("uv venv")]


@pytest.mark.parametrize(("release", "java"), [(None, 17), (TRIXIE, 21)])
def test_each_debian_gets_its_java_and_its_python(machine, release, java):
    as_root(machine)
    without_python(machine)
    (machine.path / "java").unlink()
    if release:
        machine.release.write_text(release)
    machine.recorded(
        "apt-get", f'ln -sf "{machine.python("3.13", folder=machine.folder)}" "{machine.path}/python3"'
    )
    done = machine.run("install_system_packages.sh")
    assert done.returncode == 0, done.stderr
    assert machine.calls()[1].endswith(f" openjdk-{java}-jre-headless python3 python3-venv")


def test_a_java_off_the_path_is_enough(machine):
    as_root(machine)
    (machine.path / "java").rename(machine.folder / "java")
    elsewhere = machine.folder / "jvm" / "java-21" / "bin"
    elsewhere.mkdir(parents=True)
    (machine.folder / "java").rename(elsewhere / "java")
    assert machine.run("install_system_packages.sh").returncode == 0
    assert machine.calls() == []


def test_another_distribution_hears_what_to_install(machine):
    machine.release.write_text('PRETTY_NAME="Fedora Linux 42"\nID=fedora\n')
    (machine.path / "java").unlink()
    told = refused(machine.run("install_system_packages.sh"))
    assert told.startswith(
        "Fedora Linux 42 has no apt-get; please install what Debian calls openjdk-21-jre-headless"
    )
    assert "dnf install java-21-openjdk-headless python3.13" in told


def test_another_distribution_that_has_everything_just_works(machine):
    machine.release.write_text("NAME=Fedora\n")
    done = machine.run("install_system_packages.sh")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_macos_hears_of_the_containers(machine):
    (machine.path / "uname").unlink()
    machine.stand_in("uname", "echo Darwin")
    told = refused(machine.run("install_system_packages.sh"))
    assert told.startswith(
        "movierec runs on Linux, and this is Darwin; install Docker and use the containers"
    )


def test_a_release_whose_python_is_too_old_is_told(machine):
    as_root(machine)
    without_python(machine)
    machine.python("3.9", "python3")
    told = refused(machine.run("install_system_packages.sh"))
    assert told.startswith("Debian GNU/Linux 12 (bookworm) has no Python 3.11 to 3.14")


@pytest.mark.parametrize("version", SUPPORTED)
@pytest.mark.parametrize("where", ["path", "python3", "pyenv"])
def test_any_supported_python_is_found(machine, version, where):
    makes_environments(machine)
    without_python(machine)
    machine.python("3.10", "python")
    pyenv = machine.folder / "py env"
    program = {
        "path": lambda: machine.python(version),
        "python3": lambda: machine.python(version, "python3"),
        "pyenv": lambda: machine.python(version, "python", pyenv / "versions" / f"{version}.7" / "bin"),
    }[where]()
    done = machine.run("make_environment.sh", "base", PYENV_ROOT=str(pyenv))
    assert done.returncode == 0, done.stderr
    assert made_on(machine) == [f"{program} .venv"]


@pytest.mark.parametrize("wanted", ["3.12", "3.12.4"])
def test_a_python_can_be_chosen_and_chosen_anew(machine, wanted):
    makes_environments(machine)
    machine.python("3.11", "python3")
    chosen = machine.python("3.12")
    for version in ("", wanted, wanted, ""):
        done = machine.run("make_environment.sh", "base", PYTHON_VERSION=version)
        assert done.returncode == 0, done.stderr
    assert made_on(machine) == [f"{machine.path}/python3 .venv", f"{chosen} .venv"]
    assert synced(machine) == ["base.txt", "base.txt"]


@pytest.mark.parametrize("script", ["install_system_packages.sh", "make_environment.sh"])
@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ("3.10", "PYTHON_VERSION is '3.10'; expected one of 3.13 3.12 3.11 3.14"),
        ("three", "PYTHON_VERSION is 'three'; expected one of"),
        ("3.14", r"(There is no Python 3\.14 here|Python 3\.14 is needed and was not found)"),
    ],
)
def test_a_choice_that_cannot_be_met_is_told(machine, script, wanted, sentence):
    makes_environments(machine)
    without_python(machine)
    machine.python("3.11", "python3")
    assert re.match(sentence, refused(machine.run(script, "base", PYTHON_VERSION=wanted)))
    assert machine.calls() == []


def test_an_environment_whose_python_is_gone_is_made_again(machine):
    makes_environments(machine)
    without_python(machine)
    old = machine.python("3.11")
    machine.run("make_environment.sh", "base")
    old.unlink()
    new = machine.python("3.13")
    assert machine.run("make_environment.sh", "base").returncode == 0
    assert made_on(machine)[1:] == [f"{new} .venv"]


def test_without_the_network_one_sentence_gives_the_cause(machine):
    failing = "echo 'error: first'; echo 'Caused by: no route to host' >&2; exit 1"
    prepare_environment(machine, uv=f'[ "$1" != pip ] || {{ {failing}; }}')
    told = refused(machine.run("make_environment.sh", "base", https_proxy="http://proxy.example:3128"))
    assert "(Caused by: no route to host); check the network and the proxy http://proxy.example:3128" in told


def test_without_the_network_no_uv_is_told_too(machine):
    makes_environments(machine)
    (machine.path / "uv").unlink()
    without_python(machine)
    machine.stand_in(
        "python3",
        """case "$*" in
            *executable*) echo "3.13 $0" ;;
            *ensurepip*) exit 1 ;;
            *--version*) exit 0 ;;
            *install*) echo "ERROR: No matching distribution found for uv" >&2; exit 1 ;;
            *) exit 1 ;;
        esac""",
    )
    (machine.project / "requirements" / "dev.txt").write_text("uv==1.0 \\\n    --hash=sha256:00\n")
    told = refused(machine.run("make_environment.sh", "base"))
    assert "(ERROR: No matching distribution found for uv); check the network" in told


@pytest.fixture
def guest(machine):
    """Somebody who may read a checkout and not write it: ``(machine, number of the user)``."""
    with tempfile.TemporaryDirectory() as place:  # other users cannot enter pytest's own folders
        os.chmod(place, 0o755)
        shared = Machine(Path(place, "Films à voir"))
        makes_environments(shared)
        (shared.path / "python3.11").unlink()
        shared.python("3.11")
        assert shared.run("make_environment.sh", "base").returncode == 0
        if os.geteuid() == 0:
            yield shared, 65534
        else:
            for folder in (shared.project, shared.project / ".venv"):
                folder.chmod(0o555)
            yield shared, None
            for folder in (shared.project, shared.project / ".venv"):
                folder.chmod(0o755)


def test_the_environment_of_another_user_serves_while_it_fits(guest):
    machine, user = guest
    done = machine.run("make_environment.sh", "base", user=user)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_environment_of_another_user_is_not_made_anew(guest):
    machine, user = guest
    (machine.project / "requirements" / "base.txt").write_text("# newer\n")
    told = refused(machine.run("make_environment.sh", "base", user=user))
    assert told.startswith("The environment .venv has to be made anew, and the user ")
    assert len(synced(machine)) == 1


def test_make_hands_on_nothing_of_another_project_and_no_proxy_for_this_machine():
    shell = {"DJANGO_SETTINGS_MODULE": "shop.settings", "http_proxy": "http://proxy.example:3128"}
    told = subprocess.run(
        ["make", "--eval", "show: ; @env", "show"],
        cwd=ROOT,
        env={**os.environ, **shell},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert not [line for line in told if line.startswith("DJANGO_SETTINGS_MODULE")]
    assert "http_proxy=http://proxy.example:3128" in told
    for name in ("no_proxy", "NO_PROXY"):
        assert any(line.startswith(f"{name}=127.0.0.1,localhost,::1") for line in told)


@pytest.mark.parametrize(("broken", "code"), [("", 0), ("3.13", 1)])
def test_the_matrix_takes_every_python_and_says_how_it_went(machine, broken, code):
    without_python(machine)
    for version in ("3.13", "3.11"):
        machine.python(version)
    machine.recorded(
        "make",
        f'echo "$PYTHON_VERSION $MOVIEREC_VENV" >>"{machine.log}"; [ "$PYTHON_VERSION" != "{broken}" ]',
    )
    done = machine.run("check_each_python.sh", XDG_CACHE_HOME=str(machine.folder / "cache"))
    assert done.returncode == code
    environments = machine.folder / "cache" / "movierec" / "environments"
    assert machine.calls() == [
        line for version in ("3.11", "3.13") for line in ("make check", f"{version} {environments}/{version}")
    ]
    assert done.stdout.splitlines()[-4:] == [
        "Python 3.11: passed",
        "Python 3.12: not on this machine",
        f"Python 3.13: {'FAILED' if broken else 'passed'}",
        "Python 3.14: not on this machine",
    ]
