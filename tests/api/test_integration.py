"""What docs/integrate.md promises, over HTTP: the shop, and the measurement of bulk requests."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import timedelta
from io import StringIO

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.core.management.base import CommandError

from recommendations.models import Event, MadeList, ServicePerson, ServiceRating
from recommendations.services.account.tokens import create_token
from tests.api.other_sites import SCOPES, a_model_and_films, operator

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
SHOP = django_settings.BASE_DIR / "docs" / "examples" / "shop.py"


@pytest.fixture
def token(settings, tmp_path):
    a_model_and_films(settings, tmp_path)
    return create_token(user=operator(), name="shop", scopes=SCOPES, lifetime=timedelta(days=1))[1]


def test_the_shop_of_the_documentation(live_server, token):
    # Its films are those of MovieLens; the made-up model has other numbers.
    code = SHOP.read_text().replace("172", "3").replace("181", "5").replace("98,", "7,")
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "MOVIEREC": live_server.url, "TOKEN": token},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "people: 2 taken, 0 refused []" in done.stdout
    assert "ratings: 3 taken, 1 refused [{'line': 4" in done.stdout
    assert len(re.findall(r"^(?:4711|anna@shop.example): Film \d+ \(\d+\): .+", done.stdout, re.M)) == 6
    assert not ServicePerson.objects.exists()


def test_the_shop_has_thirty_lines_of_code():
    lines = [line for line in SHOP.read_text().splitlines() if line.strip()]
    assert len(lines) <= 30


def test_bulk_requests_are_measured_and_leave_nothing(live_server, token):
    told = StringIO()
    call_command("bench_bulk", url=live_server.url, token=token, people=50, ratings=20, stdout=told)
    assert re.search(r"^people: 50 of 50 rows in [\d.]+ s, [\d,]+ a second$", told.getvalue(), re.M)
    for what in ("ratings", "events"):
        line = rf"^{what}: 1,000 of 1,000 rows in [\d.]+ s, [\d,]+ a second$"
        assert re.search(line, told.getvalue(), re.M)
    assert not ServicePerson.objects.exists()
    assert not ServiceRating.objects.exists()


def test_simulated_people_use_the_site_as_clients_do(live_server, token):
    told = StringIO()
    call_command("simulate", url=live_server.url, token=token, people=12, days=3, stdout=told)
    days = re.findall(r"^day \d: (\d+) lists, (\d+) events \((\d+) refused\)", told.getvalue(), re.M)
    assert len(days) == 3
    assert sum(int(lists) for lists, _events, _refused in days) == MadeList.objects.count() > 5
    assert sum(int(number) for _lists, number, _refused in days) == Event.objects.count() > 50
    assert {refused for _lists, _number, refused in days} == {"0"}
    assert ServiceRating.objects.exists()
    told = StringIO()
    call_command("simulate", url=live_server.url, token=token, people=14, forget=True, stdout=told)
    assert told.getvalue() == "12 people are forgotten.\n"
    assert not Event.objects.exists()
    assert not MadeList.objects.exists()


def test_a_wrong_token_is_said(live_server, token):
    with pytest.raises(CommandError, match="401"):
        call_command("simulate", url=live_server.url, token="mrec_" + "0" * 64, people=1, days=1)
