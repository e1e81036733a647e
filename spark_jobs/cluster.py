"""Whether the master of a standalone cluster is there, before and while an application runs."""

from __future__ import annotations

import socket
from types import TracebackType

CONNECT_SECONDS = 5.0


class MasterWatch:
    """An open connection to the master at ``spark://host:port[,host:port]``; other kinds of masters are not looked at.

    Without a look, Spark would try to reach an absent master for a minute and tell it in a stack trace; and an
    application whose master was started anew waits for executors forever, since the new one does not know it.
    A connection that stays open is the proof that it is still the same one.
    """

    def __init__(self, master: str) -> None:
        """Connect.

        Raises
        ------
        ConnectionError
            If nothing answers there; one sentence.
        """
        self._master = master
        self._connection: socket.socket | None = None
        scheme, _, addresses = master.partition("://")
        if scheme != "spark":
            return
        for address in addresses.split(","):
            host, _, port = address.rpartition(":")
            try:
                self._connection = socket.create_connection((host.strip("[]"), int(port)), CONNECT_SECONDS)
            except (OSError, ValueError):
                continue
            self._connection.setblocking(False)
            return
        raise ConnectionError(f"The Spark master {master} does not answer; start it, then run this again.")

    def check(self) -> None:
        """Raise ``ConnectionError`` (one sentence) if the master has gone since."""
        # Where there are several masters, another one takes over and knows the application.
        if self._connection is None or "," in self._master:
            return
        try:
            gone = self._connection.recv(1, socket.MSG_PEEK) == b""
        except BlockingIOError:
            return
        except OSError:
            gone = True
        if gone:
            raise ConnectionError(
                f"The Spark master {self._master} went away in the middle; start it, then run this again."
            )

    def __enter__(self) -> MasterWatch:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            self._connection.close()
