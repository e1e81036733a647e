"""The full stack, started once for the session, with one version published by a job on the cluster."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

from tests.stack.full_stack import FullStack, Job, remove_tree


@dataclass(frozen=True)
class FirstRun:
    """A pipeline that nobody disturbed: every look at it, the last one, and what the cluster ran meanwhile."""

    looks: list[tuple[float, Job]]
    job: Job
    applications: set[str]
    refused: dict[str, Any]


@pytest.fixture(scope="session")
def _running_stack() -> Iterator[FullStack]:
    folder = Path(mkdtemp(prefix="movierec-stack-"))
    folder.chmod(0o755)  # PostgreSQL runs as a user of its own
    stack = FullStack(folder)
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()
        remove_tree(folder)


@pytest.fixture(scope="session")
def first_job(_running_stack: FullStack) -> FirstRun:
    """The first full pipeline, watched closely; meanwhile a second one is asked for and the first delivered again."""
    stack, looks, applications = _running_stack, [], set[str]()
    job = stack.ask("submit", kind="pipeline")
    stack.in_spark(job)
    refused = stack.try_to("submit", kind="pipeline")
    stack.ask("deliver_again", job=job["id"])
    while True:
        seen = stack.ask("look", job=job["id"])
        looks.append((time.time(), seen))
        applications.update(stack.applications())
        if seen["ended_at"]:
            break
        time.sleep(0.4)
    assert seen["state"] == "succeeded", f"{seen['message']}\n{stack.ask('log', job=job['id'])[-3000:]}"
    return FirstRun(looks, seen, applications, refused)


@pytest.fixture
def stack(_running_stack: FullStack, first_job: FirstRun) -> FullStack:
    """The stack with a champion that the site serves."""
    return _running_stack
