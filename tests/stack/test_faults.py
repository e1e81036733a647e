"""Whatever breaks during a run: the job ends in a true state with a reason, the site serves on, and a retry succeeds."""

from __future__ import annotations

import os
import signal

import pytest

from tests.stack.full_stack import FullStack, fill_disk
from tests.stack.processes import wait_until

pytestmark = [pytest.mark.stack, pytest.mark.spark, pytest.mark.elasticsearch]


def test_cancelled_then_the_driver_is_killed_then_the_worker(stack: FullStack):
    serving = stack.recommend()["model_version"]
    job = stack.ask("submit", kind="train")

    stack.in_spark(job)
    assert stack.applications()
    stack.ask("cancel", job=job["id"])
    ended = stack.end_of(job)
    assert (ended["state"], ended["message"]) == ("cancelled", "Cancelled by operator.")
    wait_until(stack.no_spark_is_left, "the application has left the cluster")

    job = stack.ask("retry", job=job["id"])
    stack.in_spark(job)
    for driver in stack.drivers():
        os.kill(driver, signal.SIGKILL)
    ended = stack.end_of(job)
    assert ended["state"] == "failed"
    assert "was ended by signal 9 without a result; its output is in" in ended["message"]

    job = stack.ask("retry", job=job["id"])
    stack.in_spark(job)
    stack.worker.kill()
    wait_until(stack.no_spark_is_left, "Spark ends with the worker that started it")
    assert stack.recommend()["model_version"] == serving
    stack.worker.start()
    ended = stack.end_of(job)
    assert ended["state"] == "lost"
    assert "has given no sign of life since" in ended["message"]

    done = stack.end_of(stack.ask("retry", job=job["id"]))
    assert done["state"] == "succeeded", done["message"]
    assert done["result"]["version"] in stack.ask("versions")
    assert stack.recommend()["model_version"] == serving  # a candidate changes nothing that people see


def test_full_disk_then_the_master_is_killed_then_redis_is_away(stack: FullStack):
    serving, versions = stack.recommend()["model_version"], set(stack.ask("versions"))
    filler = fill_disk(stack.models)
    try:
        ended = stack.end_of(stack.ask("submit", kind="train"))
    finally:
        filler.unlink()
    assert (ended["state"], set(stack.ask("versions"))) == ("failed", versions)
    assert "No space left on device" in ended["message"]
    assert stack.recommend()["model_version"] == serving

    job = stack.ask("retry", job=ended["id"])
    stack.in_spark(job)
    stack.master.kill()
    ended = stack.end_of(job)
    assert ended["state"] == "failed"
    assert f"The Spark master {stack.master.url} went away" in ended["message"]
    ended = stack.end_of(stack.ask("retry", job=job["id"]))
    assert f"The Spark master {stack.master.url} does not answer; start it" in ended["message"]
    assert stack.recommend()["model_version"] == serving
    stack.master.start()

    stack.redis.kill()
    job = stack.ask("retry", job=ended["id"])
    waiting = stack.ask("look", job=job["id"])
    assert waiting["state"] == "queued"
    assert "starts by itself once it is back" in waiting["message"]
    stack.redis.start()
    done = stack.end_of(job)
    assert done["state"] == "succeeded", done["message"]
    assert set(stack.ask("versions")) - versions == {done["result"]["version"]}


def test_a_tampered_artefact_then_elasticsearch_is_killed(stack: FullStack):
    serving = stack.recommend()["model_version"]
    artefact = stack.models / stack.ask("champion") / "people.npz"
    whole = artefact.read_bytes()
    artefact.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    try:
        ended = stack.end_of(stack.ask("submit", kind="publish"))
    finally:
        artefact.write_bytes(whole)
    assert ended["state"] == "failed"
    assert "people.npz" in ended["message"]
    assert stack.recommend()["model_version"] == serving

    job = stack.ask("retry", job=ended["id"])
    stack.in_spark(job)
    stack.elasticsearch.kill()
    ended = stack.end_of(job)
    assert ended["state"] == "failed"
    assert "Elasticsearch" in ended["message"]
    answer = stack.recommend()
    assert (answer["model_version"], answer["degraded"]) == (serving, True)  # the NumPy scorer answers

    stack.elasticsearch.start()
    done = stack.end_of(stack.ask("retry", job=job["id"]))
    assert done["state"] == "succeeded", done["message"]
    wait_until(lambda: not stack.recommend()["degraded"], "Elasticsearch is asked again")
    assert stack.recommend()["model_version"] == serving
