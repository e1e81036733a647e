"""The real services of the tests, each started once for the whole session and ended with it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import hypothesis
import pytest
from django.apps import apps
from pyspark.sql import SparkSession

from recommendations import localnode
from recommendations.localnode.java import find_java
from recommendations.search.breaker import reset_breakers
from recommendations.selectors.lists.arms import forget_experiment
from recommendations.selectors.lists.house import forget_house
from recommendations.selectors.lists.living_rows import forget_living
from recommendations.selectors.lists.randomised import forget_randomisation
from spark_jobs.session import build_session
from tests.demo_stack import DemoStack, running_demo
from tests.sharing import SharingScheduler

NEW_VERSION = localnode.DEFAULT_VERSION
# The neighbour of the full stack's 8.5.1 that is published.
OLD_VERSION = "8.5.0"
# Seconds for a test with the services that it starts: ten times what a quiet machine needs, and more than any limit that
# a test has of its own and that says what did not happen. The first test of the stack also starts and trains everything.
TIMEOUTS = {"stack": 7200, "spark": 1800, "elasticsearch": 1800, "browser": 1800, "site": 900}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give tests with services the time that these may take."""
    for item in items:
        limits = [seconds for marker, seconds in TIMEOUTS.items() if item.get_closest_marker(marker)]
        if limits and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(max(limits)))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> SharingScheduler:
    """Side by side, tests that need the same costly service run in the same process."""
    return SharingScheduler(config, log)


# What an example may do is tested; how long it takes is the machine's business.
hypothesis.settings.register_profile(
    "patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("patient")


@pytest.fixture(autouse=True)
def _closed_breaker() -> None:
    """No test starts with what another one has seen Elasticsearch fail at, its experiment or its house."""
    reset_breakers()
    forget_experiment()
    forget_house()
    forget_randomisation()
    forget_living()


@pytest.fixture(scope="module", autouse=True)
def _refilled_tables(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that really commits ends with empty tables. After the last one of a module come back the rows that
    migrations had put there, so that tests of other modules may run after it."""
    commits = any(
        marker.kwargs.get("transaction")
        for item in request.session.items
        if item.getparent(pytest.Module) is request.node
        for marker in item.iter_markers("django_db")
    )
    if not commits:
        yield
        return
    request.getfixturevalue("django_db_setup")
    blocker = request.getfixturevalue("django_db_blocker")
    yield
    with blocker.unblock():
        import_module("recommendations.migrations.0004_nightly_retraining").create(apps, None)


def _running_node(version: str) -> Iterator[str]:
    # Not pytest's own folder: that stays after the session, and a node's files are 200 MB.
    with TemporaryDirectory(prefix=f"movierec-node-{version}-") as folder:
        home = Path(folder)
        try:
            yield localnode.start(home, version).state.url
        finally:
            localnode.remove(home)


@pytest.fixture(scope="session")
def elasticsearch_url() -> Iterator[str]:
    """Address of a node of the default version, empty at the beginning of the session.

    Tests share it: each makes indices under names of its own.
    """
    yield from _running_node(NEW_VERSION)


@pytest.fixture(scope="session")
def old_elasticsearch_url() -> Iterator[str]:
    """The same with the oldest version that the query layer serves; started only for tests that ask for it."""
    yield from _running_node(OLD_VERSION)


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    """A small Spark session on two cores. No Java is a failure, not a reason to skip."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("JAVA_HOME", str(find_java().home))
        session = build_session("movierec-tests", master="local[2]", driver_memory="1g")
        session.conf.set("spark.sql.shuffle.partitions", 2)
        yield session
        session.stop()


@pytest.fixture(scope="session")
def demo_stack() -> Iterator[DemoStack]:
    """The running demo on real MovieLens data: site, Elasticsearch and a trained model in a home of its own."""
    with running_demo() as stack:
        yield stack


@pytest.fixture(scope="session")
def demo_site(demo_stack: DemoStack) -> str:
    """Its base address."""
    return demo_stack.url
