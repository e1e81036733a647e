"""Starts this home's Elasticsearch for commands that need it, where nobody has named a cluster and none runs."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import OutputWrapper

from recommendations import localnode


def start_search_if_needed(stdout: OutputWrapper, *, as_json: bool) -> None:
    """Start the node of this home unless it runs or ``ELASTICSEARCH_URL`` is set, and say so; it goes on running.

    Raises ``CommandError`` as ``manage.py elasticsearch start``.
    """
    if settings.ELASTICSEARCH_URL or localnode.running_node(Path(settings.MOVIEREC_HOME)):
        return
    if not as_json:
        stdout.write("Elasticsearch does not run; starting it …")
        stdout.flush()
    answer = StringIO()
    call_command("elasticsearch", "start", "--json", stdout=answer)
    url = json.loads(answer.getvalue())["url"]
    if as_json:
        stdout.write(json.dumps({"event": "elasticsearch_started", "url": url}))
        return
    command = "movierec" if settings.INSTALLED else "manage.py"
    stdout.write(
        f"Elasticsearch runs at {url} and goes on running; end it with: {command} elasticsearch stop"
    )
