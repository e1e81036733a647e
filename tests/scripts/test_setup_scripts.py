"""The set-up scripts on machines that lack this or that: a path with stand-ins instead of the real programs."""

import shutil
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.scripts.machine import ROOT, as_root, prepare_environment, synced


def test_nothing_missing_installs_nothing(machine):
    as_root(machine)
    done = machine.run("install_system_packages.sh")
    assert (done.returncode, done.stdout, done.stderr, machine.calls()) == (0, "", "", [])


@pytest.mark.parametrize("java", [None, "1.8.0_292", "11.0.2", "garbage"])
def test_missing_or_old_java_is_installed(machine, java):
    as_root(machine)
    (machine.path / "java").unlink()
    if java:
        machine.stand_in("java", f"""echo 'openjdk version "{java}"' >&2""")
    done = machine.run("install_system_packages.sh")
    assert done.returncode == 0, done.stderr
    assert machine.calls()[0].startswith("apt-get update")
    assert machine.calls()[1].endswith("install -y -q --no-install-recommends openjdk-17-jre-headless")


def test_without_rights_one_sentence_names_the_packages(machine):
    machine.stand_in("id", "echo 1000")
    machine.recorded("apt-get")
    machine.stand_in("sudo", "exit 1")
    (machine.path / "java").unlink()
    done = machine.run("install_system_packages.sh", "--dev")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "openjdk-17-jre-headless chromium" in done.stderr
    assert machine.calls() == []


def test_sudo_without_a_password_is_enough(machine):
    machine.stand_in("id", "echo 1000")
    machine.stand_in("sudo", '[ "$1" = -n ] && shift; exec "$@"')
    machine.stand_in("true", "exit 0")
    machine.recorded("apt-get")
    (machine.path / "java").unlink()
    assert machine.run("install_system_packages.sh").returncode == 0
    assert len(machine.calls()) == 2


def test_failed_installation_is_told(machine):
    as_root(machine)
    machine.recorded("apt-get", "exit 100")
    (machine.path / "java").unlink()
    done = machine.run("install_system_packages.sh")
    assert done.returncode == 2
    assert "apt-get update failed" in done.stderr


def test_an_environment_is_made_once(machine):
    prepare_environment(machine)
    for _again in range(2):
        done = machine.run("make_environment.sh", "base")
        assert done.returncode == 0, done.stderr
    assert synced(machine) == ["base.txt"]
    assert "Making" not in done.stdout


def test_two_at_once_make_it_once(machine):
    prepare_environment(machine, uv="sleep 0.3")
    (machine.path / "flock").symlink_to(shutil.which("flock"))
    (machine.path / "sleep").symlink_to(shutil.which("sleep"))
    with ThreadPoolExecutor(2) as pool:
        done = [pool.submit(machine.run, "make_environment.sh", "base") for _each in range(2)]
    assert [each.result().returncode for each in done] == [0, 0]
    assert synced(machine) == ["base.txt"]


def test_the_environment_for_dev_serves_the_demo_too(machine):
    prepare_environment(machine)
    for wanted in ("base", "dev", "base", "dev"):
        assert machine.run("make_environment.sh", wanted).returncode == 0
    assert synced(machine) == ["base.txt", "dev.txt"]


def test_changed_requirements_are_installed(machine):
    prepare_environment(machine)
    machine.run("make_environment.sh", "base")
    (machine.project / "requirements" / "base.txt").write_text("# newer\n")
    machine.run("make_environment.sh", "base")
    assert synced(machine) == ["base.txt", "base.txt"]


def test_a_demo_never_takes_the_tools_for_developers_away(machine):
    prepare_environment(machine)
    machine.run("make_environment.sh", "dev")
    (machine.project / "requirements" / "base.txt").write_text("# newer\n")
    assert machine.run("make_environment.sh", "base").returncode == 0
    assert synced(machine) == ["dev.txt", "dev.txt"]
    assert machine.run("make_environment.sh", "base").returncode == 0
    assert len(synced(machine)) == 2


def test_a_broken_installation_is_told_and_not_believed(machine):
    prepare_environment(machine, uv='[ "$1 $2" != "pip sync" ]')
    for _again in range(2):
        done = machine.run("make_environment.sh", "base")
        assert done.returncode == 2
        assert "requirements/base.txt could not be installed" in done.stderr
    assert len(synced(machine)) == 2


def test_no_python_is_told(machine):
    prepare_environment(machine)
    machine.stand_in("python3.11", "exit 1")
    shutil.copy(machine.path / "python3.11", machine.path / "python3")
    done = machine.run("make_environment.sh", "base")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("Python 3.11 to 3.14 is needed and was not found")


@pytest.mark.parametrize("port", ["abc", "0", "65536", "-1", "5000 5001"])
def test_impossible_port(machine, port):
    done = machine.run("check_port.sh", port)
    assert done.returncode == 2
    assert done.stderr.startswith(f"PORT is '{port}'; expected a number from 1 to 65535")


def test_port_taken_and_free(machine):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        done = machine.run("check_port.sh", str(port))
        assert done.returncode == 2
        assert done.stderr.startswith(f"Port {port} is taken by another program")
        assert done.stderr.count("\n") == 1
    assert machine.run("check_port.sh", str(port)).returncode == 0


def test_make_explains_itself():
    told = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = {line.split()[1] for line in told.splitlines()}
    assert {"demo", "demo-check", "test", "lint", "types", "setup", "clean"} <= targets
    assert all(len(line.split()) > 3 for line in told.splitlines())


def test_scripts_can_be_executed():
    for script in [*(ROOT / "scripts").glob("[!c]*.sh"), ROOT / ".ci" / "run"]:
        assert script.stat().st_mode & 0o111, script
