"""The order of the steps of ``serve_demo``, and what ends with it; stages and site are stand-ins."""

import json
import socket
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from recommendations.management.commands import serve_demo
from recommendations.management.demo_check import Questions


class World:
    """Stages, a search node and a site; ``fails`` names the stage that raises."""

    def __init__(self):
        self.done, self.searching, self.fails, self.error = [], False, None, CommandError("broken")

    def call_command(self, name, *args, stdout=None, **options):
        self.stage(" ".join((name, *args[:1])))
        if name == "elasticsearch":
            assert "--json" in args
            told = {"url": "http://127.0.0.1:9999", "already_running": self.searching}
            stdout.write(json.dumps(told))
            self.searching = args[0] == "start"

    def stage(self, name):
        self.done.append(name)
        if name == self.fails:
            raise self.error

    def site(self, port):
        world = self

        class Site:
            address = f"http://127.0.0.1:{port}"

            def start(self):
                world.stage("site")

            def wait(self, seconds):
                world.stage("wait")
                return True

            def stop(self):
                world.done.append("site stopped")

        return Site()

    def worker(self):
        world = self

        class Worker:
            def start(self):
                world.stage("worker")

            def stop(self):
                world.done.append("worker stopped")

        return Worker()

    def running_node(self, home):
        return SimpleNamespace(pid=1) if self.searching else None


@pytest.fixture
def world(monkeypatch, settings, tmp_path):
    settings.ELASTICSEARCH_URL, settings.MOVIEREC_HOME = "", tmp_path
    made = World()
    monkeypatch.setattr(serve_demo, "call_command", made.call_command)
    monkeypatch.setattr(serve_demo, "search_is_alive", lambda: made.searching)
    monkeypatch.setattr(serve_demo.localnode, "running_node", made.running_node)
    monkeypatch.setattr(serve_demo, "give_up_held_jobs", lambda: [])
    monkeypatch.setattr(serve_demo, "SiteProcess", made.site)
    monkeypatch.setattr(serve_demo, "WorkerProcess", made.worker)
    monkeypatch.setattr(serve_demo, "fitting_questions", Questions)
    monkeypatch.setattr(serve_demo, "check_site", lambda address, tell, questions: made.stage("check"))
    return made


PREPARED = ["migrate", "collectstatic", "fetch_movielens", "elasticsearch start", "run_pipeline"]
STOPPED = ["site stopped", "worker stopped", "elasticsearch stop"]


def test_check_does_everything_in_order_and_stops_what_it_started(world):
    call_command("serve_demo", "--check")
    assert world.done == [*PREPARED, "site", "check", *STOPPED]


def test_ctrl_c_while_serving_is_the_normal_end(world, capsys):
    world.fails, world.error = "wait", KeyboardInterrupt()
    call_command("serve_demo", "--port", str(serve_demo.free_port()))
    assert world.done == [*PREPARED, "site", "worker", "wait", *STOPPED]
    assert "http://127.0.0.1:" in capsys.readouterr().out


@pytest.mark.parametrize("stage", ["elasticsearch start", "run_pipeline", "site"])
def test_ctrl_c_before_that_stops_everything_and_says_so(world, stage):
    world.fails, world.error = stage, KeyboardInterrupt()
    with pytest.raises(SystemExit) as ended:
        call_command("serve_demo", "--check")
    assert ended.value.code == 130
    assert world.done[-3:] == STOPPED


@pytest.mark.parametrize("stage", ["run_pipeline", "site", "check"])
def test_a_failing_step_stops_everything(world, stage):
    world.fails = stage
    with pytest.raises(CommandError, match="broken"):
        call_command("serve_demo", "--check")
    assert world.done[-3:] == STOPPED


def test_a_site_that_ends_by_itself_is_a_failure(world):
    with pytest.raises(CommandError, match="ended by itself"):
        call_command("serve_demo", "--port", str(serve_demo.free_port()))


def test_a_node_that_ran_before_keeps_running(world):
    world.searching = True
    call_command("serve_demo", "--check")
    assert "elasticsearch stop" not in world.done


def test_a_cluster_of_ones_own_is_left_alone(world, settings):
    settings.ELASTICSEARCH_URL = "http://search.example:9200"
    call_command("serve_demo", "--check")
    assert "elasticsearch stop" not in world.done


def test_a_taken_port_is_refused_before_any_work(world):
    with socket.create_server(("127.0.0.1", 0)) as server, pytest.raises(CommandError, match="is taken"):
        call_command("serve_demo", "--port", str(server.getsockname()[1]))
    assert world.done == []
