"""Ctrl-C and friends, sent to a real ``serve_demo`` with a real gunicorn; the long stages are stand-ins."""

import signal

import pytest

from recommendations.management.site_process import refuse_taken_port
from tests.management.running import demo

__all__ = ["demo"]
pytestmark = pytest.mark.site


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ends_everything_while_serving(demo, number):
    running = demo()
    running.wait_until(running.serves)
    assert running.press(number) == 0
    assert running.stages() == [
        "fetch_movielens",
        "elasticsearch start",
        "run_pipeline",
        "elasticsearch stop",
    ]
    refuse_taken_port(running.site.port)


def test_impatience_changes_nothing(demo):
    running = demo()
    running.wait_until(running.serves)
    assert running.press(signal.SIGINT, times=4) == 0
    assert running.stages()[-1] == "elasticsearch stop"
    refuse_taken_port(running.site.port)


@pytest.mark.parametrize("stage", ["elasticsearch start", "run_pipeline"])
def test_ends_everything_during_a_stage(demo, stage):
    running = demo(block=stage)
    running.wait_until(lambda: stage in running.stages())
    assert running.press(signal.SIGINT) == 130
    assert running.stages()[-1] == "elasticsearch stop"
    assert "Interrupted." in running.told()
    assert "Traceback" not in running.told()
