"""Events of the API. Made by scripts/make_client.py from the API's schema; changes by hand are lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from movierec_client.connection import Connection


class Events:
    """The operations under “Events”."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def events_add(self, lines: Iterable[Mapping[str, Any]]) -> Any:
        """Tell what people did with lists.

        A batch of events, as JSON or one per line. Each counts once, however often it is sent, or is
        refused by itself: if its list is unknown, older than thirty days or somebody else's, if it lies
        in the future or before its list, or if the list has no such place. What a token for another
        site's people tells of ratings, films seen, hidden or to be watched also changes their lists.
        Without a token: events of lists that were made for nobody in particular. A token needs the scope
        `write`, one for another site's people the scope `people:write`.
        """
        return self._connection.call("POST", "/api/v1/events/", lines=lines)
