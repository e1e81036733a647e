"""How often something may happen: in one process, and in all processes of production together."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys

import pytest
from django.conf import settings as current
from django.core.cache import cache

from recommendations.web import limits
from tests.stack.outside import Redis

# Counts in a process with production's settings, as a web process would.
COUNTING = """
import django
django.setup()
from recommendations.web import limits
print([limits.count("sign-in-address", "192.0.2.7") > 0 for _turn in range(3)])
"""


@pytest.fixture
def rates(settings):
    cache.clear()
    settings.API_THROTTLE_RATES = {"tea": "2/hour", "free": ""}


def test_what_is_one_too_many_has_to_wait_for_the_window_to_end(rates):
    assert [limits.count("tea", "ann") for _turn in range(2)] == [0, 0]
    assert 1 <= limits.count("tea", "ann") <= 3600
    assert limits.count("tea", "bob") == 0
    assert not any(limits.count("free", "ann") for _turn in range(50))


def test_asking_counts_nothing_and_forgetting_begins_anew(rates):
    assert [limits.exceeded("tea", "ann") for _turn in range(9)] == [0] * 9
    for _turn in range(2):
        limits.count("tea", "ann")
    assert limits.exceeded("tea", "ann") > 0
    limits.forget("tea", "ann")
    assert limits.exceeded("tea", "ann") == 0


@pytest.mark.stack
def test_two_processes_of_production_count_together(tmp_path):
    redis = Redis(tmp_path)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "movierec_site.settings.production",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "MOVIEREC_HOME": str(tmp_path / "home"),
        "REDIS_URL": redis.url,
        "API_RATE_SIGN_IN_ADDRESS": "4/day",
    }
    redis.start()
    try:
        told = [
            subprocess.run(
                [sys.executable, "-c", COUNTING],
                cwd=current.BASE_DIR,
                env=environment,
                capture_output=True,
                text=True,
                check=True,
                timeout=240,
            ).stdout.strip()
            for _process in range(2)
        ]
    finally:
        redis.stop()
    assert told == ["[False, False, False]", "[False, True, True]"]
