"""A real node from its first start to its end. The tests of this file share one node and leave it running."""

import dataclasses
import http.client
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from recommendations import localnode
from recommendations.localnode import NodeState, configuration, java, launch, lifecycle, places
from recommendations.localnode.java import JavaMissingError
from recommendations.localnode.state import NodeError, fallback_for, read_state, session_members, write_state

pytestmark = pytest.mark.elasticsearch

ROOT = Path(__file__).resolve().parents[2]
STARTER = (
    "import sys; from pathlib import Path; from recommendations import localnode; "
    "print(localnode.start(Path(sys.argv[1])).already_running)"
)
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def ask(state: NodeState, path: str, body: dict | None = None, method: str = "GET") -> dict:
    """One request to the node, as any client would make it."""
    request = urllib.request.Request(f"{state.url}/{path}", method=method)
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    with _opener.open(request, timeout=20) as response:
        return json.load(response)


def processes_of(folder: str) -> set[int]:
    """All living processes that name the node's folder, in whatever session."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if os.fsencode(folder) in (entry / "cmdline").read_bytes():
                    found.add(int(entry.name))
            except OSError:
                continue
    return found


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("lifecycle-home")
    yield folder
    localnode.remove(folder)
    assert not (folder / "elasticsearch").exists()
    assert not fallback_for(folder).exists()


@pytest.fixture
def running(home) -> NodeState:
    """The node, started if the test before did not leave it running."""
    return localnode.start(home).state


@pytest.fixture
def other_home(tmp_path) -> Iterator[Path]:
    yield tmp_path
    localnode.remove(tmp_path)
    assert not fallback_for(tmp_path).exists()


def test_a_started_node_answers_on_loopback_unprivileged_and_on_its_own(running, home):
    assert ask(running, "_cluster/health")["number_of_nodes"] == 1
    assert localnode.status(home) == running
    process = Path("/proc", str(running.pid))
    words = (process / "cmdline").read_bytes().split(b"\0")
    assert b"-Xmx512m" in words
    assert process.stat().st_uid != 0
    assert os.getsid(running.pid) == running.session != os.getsid(0)
    (address,) = {entry["publish_address"] for entry in _http_addresses(running)}
    assert address == f"127.0.0.1:{running.port}"
    assert b"SECRET_KEY" not in (process / "environ").read_bytes()
    # The launching JVM is gone; only the server stays.
    assert session_members(running.session, Path(running.folder)) == [running.pid]


def _http_addresses(state: NodeState) -> list[dict]:
    return [entry["http"] for entry in ask(state, "_nodes/http")["nodes"].values()]


def test_pages_of_other_sites_can_neither_read_nor_change_anything(running, home):
    state = running
    ask(state, "kept", {}, method="PUT")

    def status(method: str, path: str, headers: dict[str, str], body: str | None = None) -> int:
        asking = http.client.HTTPConnection("127.0.0.1", state.port, timeout=20)
        asking.request(method, path, body, headers)
        answer = asking.getresponse()
        answer.read()
        asking.close()
        return answer.status

    form = "application/x-www-form-urlencoded"
    for origin in ("https://evil.example", "null", "http://127.0.0.1:1"):
        for method, path in (("GET", "/_search"), ("POST", "/kept/_close"), ("DELETE", "/kept")):
            assert status(method, path, {"Origin": origin}) == 403, (origin, method)
    # Without an origin, a form's type or none at all is refused for what has a body.
    for headers in ({"Content-Type": form}, {"Content-Type": "text/plain"}, {}):
        assert status("POST", "/kept/_doc", headers, "{}") == 406, headers
    assert ask(state, "kept/_count")["count"] == 0


def test_starting_again_changes_nothing(running, home):
    stages = []
    again = localnode.start(home, progress=lambda stage, fraction: stages.append(stage))
    assert again.already_running
    assert again.state == running
    assert stages == []


def test_another_version_or_port_does_not_replace_the_running_node(running, home):
    for wanted in ({"version": "8.5.0"}, {"port": 9201 if running.port != 9201 else 9202}):
        with pytest.raises(NodeError, match=f"is already running on port {running.port}; stop it first"):
            localnode.start(home, **wanted)
    assert localnode.status(home) == running


def test_data_survive_a_stop_and_a_start_on_a_chosen_port(running, home):
    ask(running, "films/_doc/1?refresh=true", {"title": "Fargo"}, method="PUT")
    assert localnode.stop(home)
    assert localnode.status(home) is None
    assert not processes_of(running.folder)
    assert not localnode.stop(home)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    again = localnode.start(home, port=port)
    assert not again.already_running
    assert again.state.port == port
    assert again.state.pid != running.pid
    assert ask(again.state, "films/_doc/1")["_source"] == {"title": "Fargo"}


def test_a_killed_node_is_stopped_and_its_record_is_cleaned(running, home):
    os.kill(running.pid, 9)
    while running.is_alive():
        time.sleep(0.05)
    assert localnode.running_node(home) is None
    assert localnode.status(home) is None
    cleaned = read_state(home)
    assert cleaned == running.stopped()
    with pytest.raises(
        NodeError, match=r"were written by Elasticsearch 8\.19\.21, which 8\.5\.0 cannot read"
    ):
        localnode.start(home, "8.5.0")


def test_a_killed_start_leaves_nothing_that_the_next_two_do_not_clear_up(home):
    """The starter dies by SIGKILL while the node comes up; then two start at once: one node in the end."""
    localnode.stop(home)
    killed = subprocess.Popen([sys.executable, "-c", STARTER, str(home)], cwd=ROOT)
    while (read_state(home) or NodeState("", "")).session is None:
        assert killed.poll() is None
        time.sleep(0.05)
    killed.kill()
    killed.wait()
    half_started = read_state(home)
    assert half_started.pid is None
    assert processes_of(half_started.folder)
    assert localnode.status(home) is None

    starters = [
        subprocess.Popen(
            [sys.executable, "-c", STARTER, str(home)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    answers = sorted(starter.communicate(timeout=300)[0].strip() for starter in starters)
    assert answers == ["False", "True"]
    state = localnode.status(home)
    assert processes_of(state.folder) == {state.pid}
    assert not session_members(half_started.session, Path(state.folder))


def test_two_homes_have_nothing_in_common(running, home, other_home):
    other = localnode.start(other_home, heap="256m").state
    assert {other.port, other.pid, other.folder}.isdisjoint({running.port, running.pid, running.folder})
    ask(other, "only-here/_doc/1?refresh=true", {"a": 1}, method="PUT")
    assert "only-here" not in ask(running, "_all")
    localnode.stop(other_home)
    assert localnode.status(home) == running
    assert ask(running, "_cluster/health")["number_of_nodes"] == 1


def test_a_copied_home_does_not_touch_the_node_of_the_original(running, home, other_home):
    write_state(other_home, running)
    assert localnode.running_node(other_home) is None
    assert localnode.status(other_home) is None
    assert not localnode.stop(other_home)
    localnode.remove(other_home)
    assert localnode.status(home) == running
    assert Path(running.folder).is_dir()


def test_an_interrupted_start_leaves_no_process(other_home):
    def interrupt(stage: str, fraction: float | None) -> None:
        state = read_state(other_home)
        if state is not None and len(processes_of(state.folder)) > 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        localnode.start(other_home, progress=interrupt)
    state = read_state(other_home)
    assert state.session is None
    assert not processes_of(state.folder)


def test_a_node_that_cannot_start_says_why_with_the_end_of_its_log(other_home, monkeypatch):
    good = configuration.node_settings

    def broken(folder: Path, port: int) -> dict[str, object]:
        return {**good(folder, port), "no.such.setting": 1}

    monkeypatch.setattr(configuration, "node_settings", broken)
    with pytest.raises(NodeError, match=r"Elasticsearch 8\.19\.21 could not be started") as raised:
        localnode.start(other_home)
    assert "no.such.setting" in raised.value.log_tail
    assert localnode.status(other_home) is None


def test_a_taken_port_is_named_before_anything_else_is_done(other_home):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(NodeError, match=rf"Port {port} is taken by another program"):
            localnode.start(other_home, port=port)
    assert read_state(other_home) is None


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({"heap": "much"}, "The heap is 'much'; expected a number and m or g"),
        ({"heap": "64m"}, "needs at least 128m"),
        ({"port": 80}, "The port is 80; expected 0 for any free one, or 1024 to 65535"),
        ({"port": 65536}, "The port is 65536"),
        ({"version": "7.17.0"}, "is not a version of Elasticsearch 8"),
    ],
)
def test_bad_wishes_are_named(other_home, wanted, sentence):
    with pytest.raises(NodeError, match=sentence):
        localnode.start(other_home, **wanted)
    assert not (other_home / "elasticsearch").exists()


def test_without_java_it_says_what_to_install(other_home, monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr(java, "JVM_FOLDER", other_home)
    with pytest.raises(JavaMissingError, match="openjdk-17-jre-headless"):
        localnode.start(other_home)


def test_an_older_version_is_not_started_on_a_java_that_it_cannot_use(other_home, monkeypatch):
    asked = []

    def find(**wanted: object) -> None:
        asked.append(wanted)
        raise JavaMissingError("none")

    monkeypatch.setattr(lifecycle, "find_java", find)
    for version in ("8.5.0", "8.19.21"):
        with pytest.raises(JavaMissingError):
            localnode.start(other_home, version)
    assert asked == [{"maximum": 23}, {"maximum": None}]


def test_no_room_to_unpack_is_said(other_home, monkeypatch):
    monkeypatch.setattr(
        places.shutil, "disk_usage", lambda folder: dataclasses.make_dataclass("U", ["free"])(1)
    )
    with pytest.raises(NodeError, match="Not enough disk space in .* to (unpack|fetch)"):
        localnode.start(other_home)


def test_a_silent_port_has_no_health():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        assert launch.cluster_health(probe.getsockname()[1], timeout_seconds=1) is None
