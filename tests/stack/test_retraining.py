"""Retraining by the schedule while services die, and promoting while people ask."""

from __future__ import annotations

import threading
import time

import pytest

from tests.stack.full_stack import JOB_SECONDS, FullStack

pytestmark = [pytest.mark.stack, pytest.mark.spark, pytest.mark.elasticsearch]


def test_the_schedule_retrains_when_something_has_changed_whatever_goes_away_meanwhile(stack: FullStack):
    """beat with a short interval; Redis, PostgreSQL, the web process and a Spark worker are killed during the run."""
    before = stack.recommend()["model_version"]
    champion = stack.ask("champion")
    stack.ask("rate", name="somebody", films=list(range(1, 21)))
    number = (stack.ask("newest", kind="pipeline") or {"id": 0})["id"]
    stack.ask("schedule_every", seconds=2)
    try:
        deadline = time.monotonic() + JOB_SECONDS
        while (job := stack.ask("newest", kind="pipeline"))["id"] == number:
            assert time.monotonic() < deadline, stack.beat.tail()
            time.sleep(0.2)
    finally:
        stack.ask("schedule_every", seconds=0)
    stack.in_spark(job)
    stack.redis.kill()
    stack.spark_workers[0].kill()
    stack.postgres.kill()
    stack.postgres.start()
    stack.redis.start()
    stack.web.kill()
    stack.web.start()
    assert stack.recommend()["model_version"] == before
    done = stack.end_of(job)
    assert done["state"] == "succeeded", f"{done}\n{stack.ask('log', job=job['id'])[-3000:]}"
    stack.spark_workers[0].start()
    assert stack.ask("champion") != champion
    assert stack.recommend()["model_version"] == stack.ask("champion")
    # The person of the site was learnt from, and is not among those whose lists anybody may ask for.
    assert stack.recommend(user=60)["items"]

    stack.ask("schedule_every", seconds=2)
    try:
        deadline = time.monotonic() + JOB_SECONDS
        while (skipped := stack.ask("newest", kind="pipeline"))["id"] == job["id"] or not skipped["ended_at"]:
            assert time.monotonic() < deadline, stack.beat.tail()
            time.sleep(0.2)
    finally:
        stack.ask("schedule_every", seconds=0)
    assert (skipped["state"], skipped["result"]["trained"]) == ("succeeded", False)
    assert skipped["skipped"].startswith(f"Nothing has changed since {stack.ask('champion')}")


def test_promoting_while_people_ask_mixes_no_versions_and_refuses_nobody(stack: FullStack):
    """20 requests per second, while the champion changes to and fro."""
    if len(stack.ask("versions")) < 2 or "answer" not in stack.try_to("rollback"):
        assert stack.end_of(stack.ask("submit", kind="pipeline", force=True))["state"] == "succeeded"
    lists: dict[str, set[tuple[int, ...]]] = {}
    failures: list[str] = []
    ended = threading.Event()

    def visit() -> None:
        while not ended.wait(0.2):
            try:
                answer = stack.recommend()
            except OSError as error:
                failures.append(str(error))
                continue
            films = tuple(item["movie_id"] for item in answer["items"])
            lists.setdefault(answer["model_version"], set()).add(films)

    visitors = [threading.Thread(target=visit) for _ in range(5)]
    for visitor in visitors:
        visitor.start()
    reloads = []
    for _ in range(4):
        version, switched = stack.ask("rollback"), time.monotonic()
        while stack.recommend()["model_version"] != version:
            assert time.monotonic() - switched < 10
        reloads.append(time.monotonic() - switched)
        time.sleep(0.5)
    ended.set()
    for visitor in visitors:
        visitor.join()
    print(f"reloads took {max(reloads):.2f} s at most")
    assert failures == []
    assert len(lists) == 2
    assert {len(seen) for seen in lists.values()} == {1}  # one version always gives the same list
