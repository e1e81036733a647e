"""Whether a standalone cluster is there at all."""

from __future__ import annotations

import socket

CONNECT_SECONDS = 5.0


def refuse_absent_master(master: str) -> None:
    """Raise ``ConnectionError`` (one sentence) if nothing answers at ``spark://host:port[,host:port]``.

    Spark itself would try for a minute and then tell it in a stack trace. Other kinds of masters are not looked at.
    """
    scheme, _, addresses = master.partition("://")
    if scheme != "spark":
        return
    for address in addresses.split(","):
        host, _, port = address.rpartition(":")
        try:
            with socket.create_connection((host.strip("[]"), int(port)), timeout=CONNECT_SECONDS):
                return
        except (OSError, ValueError):
            continue
    raise ConnectionError(f"The Spark master {master} does not answer; start it, then run this again.")
