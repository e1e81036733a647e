"""Asks the running stack what its users and operators would: ``stack_checks.py SITE METRICS_TOKEN``."""

from __future__ import annotations

import json
import sys
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from recommendations.management.demo_check import check_site  # noqa: E402

# The stack is on this machine, whatever proxy the environment names.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def ask(url: str, **headers: str) -> tuple[int, str]:
    """Status and body, of refusals as well."""
    try:
        with _opener.open(urllib.request.Request(url, headers=headers), timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(errors="replace")


def demand(holds: bool, sentence: str) -> None:
    """End with exit code 1 and the sentence if something does not hold."""
    if not holds:
        sys.exit(f"Not as it should be: {sentence}")


def check_metrics(site: str, token: str) -> None:
    """Only for the bearer of the token, and they know the champion."""
    demand(ask(f"{site}/metrics")[0] == 401, "/metrics is open to everybody")
    status, text = ask(f"{site}/metrics", Authorization=f"Bearer {token}")
    demand(status == 200 and "movierec_champion_info{" in text, "/metrics does not name the champion")


def main(site: str, token: str) -> None:
    """Everything, in the order in which it is most useful to fail."""
    check_site(site, print)
    state = json.loads(ask(f"{site}/readyz")[1])
    demand(state["status"] == "ready" and not state["degraded"], f"/readyz says {state}")
    check_metrics(site, token)
    print("/metrics answers the bearer of its token and nobody else.")


if __name__ == "__main__":
    main(*sys.argv[1:3])
