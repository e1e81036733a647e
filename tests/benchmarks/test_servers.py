"""The servers under load."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings

from benchmarks import servers

RATES = """
import json
from django.conf import settings
print(json.dumps(settings.API_THROTTLE_RATES))
"""


def test_nobody_is_throttled_in_the_demo_under_load(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = {}

    @contextmanager
    def serving(
        _arguments: list[str], _port: int, *, ready: str, environment: dict[str, str]
    ) -> Iterator[int]:
        given.update(environment)
        yield 1

    monkeypatch.setattr(servers, "serving", serving)
    with servers.demo():
        pass
    told = subprocess.run(
        [sys.executable, "-c", RATES],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "movierec_site.settings.demo",
            "MOVIEREC_HOME": str(tmp_path),
            **given,
        },
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    rates = json.loads(told.stdout)
    assert set(rates) == set(settings.API_THROTTLE_RATES)
    assert set(rates.values()) == {""}
