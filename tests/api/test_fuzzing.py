"""schemathesis against the running server with real Elasticsearch: every operation, also one after the other."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from accounts.models import User
from recommendations.services.account.tokens import create_token

pytestmark = [pytest.mark.spark, pytest.mark.elasticsearch, pytest.mark.django_db(transaction=True)]
# What makes an answer wrong. That a request which fits may still be refused (a film that does not exist, a text
# that is no crontab) is not in the schema, so neither kind of request says what the answer must be.
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
    "ignored_auth",
    "use_after_free",
    "unsupported_method",
)


@pytest.mark.parametrize(
    ("examples", "least_cases"),
    [pytest.param(5, 500, id="short"), pytest.param(90, 5_000, id="whole", marks=pytest.mark.long)],
)
def test_nothing_that_can_be_sent_breaks_it(
    live_server, trained, settings, monkeypatch, tmp_path, capsys, pytestconfig, examples, least_cases
):
    settings.API_THROTTLE_RATES = {}
    # Django's server sends head and body apart; held back for the other side's word, each answer takes 40 ms longer.
    monkeypatch.setattr("django.test.testcases.QuietWSGIRequestHandler.disable_nagle_algorithm", True)
    # The queue is what it is; nobody takes the jobs out.
    monkeypatch.setattr("recommendations.services.jobs.requests.send_job", lambda *, job: None)
    User.objects.create_superuser("another-administrator")
    fuzzer = User.objects.create_superuser("fuzzer", password="known to the fuzzer")
    token, text = create_token(
        user=fuzzer, name="fuzzing", scopes=("read", "write", "operate"), lifetime=timedelta(days=1)
    )
    command = [
        Path(sys.executable).with_name("schemathesis"),
        "--no-color",
        "run",
        f"{live_server.url}/api/v1/schema/",
        *("--header", f"Authorization: Bearer {text}"),
        *("--checks", ",".join(CHECKS)),
        *("--phases", "examples,coverage,fuzzing,stateful"),
        *("--max-examples", str(examples)),
        *("--seed", "1"),
        "--no-shrink",
        "--continue-on-failure",
        *("--report", "junit"),
        *("--report-dir", tmp_path),
    ]
    environment = {
        **os.environ,
        "PYTHONPATH": str(pytestconfig.rootpath),
        "SCHEMATHESIS_HOOKS": "tests.api.schemathesis_hooks",
        "FUZZING_TOKEN_REFERENCE": str(token.reference),
    }
    done = subprocess.run(
        command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=3600
    )
    told = done.stdout[-20_000:]
    assert done.returncode == 0, told
    cases = re.search(r"([\d,]+) generated", done.stdout)
    assert cases, told
    with capsys.disabled():
        print(f"\nschemathesis: {cases[0]} cases")
    assert int(cases[1].replace(",", "")) >= least_cases
