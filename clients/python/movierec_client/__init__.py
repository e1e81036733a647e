"""A client of movierec's API. Made by scripts/make_client.py from the API's schema; changes by hand are lost."""

from __future__ import annotations

from movierec_client.access import Access
from movierec_client.connection import Connection, Problem
from movierec_client.events import Events
from movierec_client.films import Films
from movierec_client.mine import Mine
from movierec_client.operation import Operation
from movierec_client.other_sites import OtherSites
from movierec_client.recommendations import Recommendations

__all__ = ["Client", "Problem"]
__version__ = "1"


class Client:
    """Everything that the API can do, by subject.

    ``site`` is the address without ``/api``, ``token`` one that begins with ``mrec_``; public operations need none.
    """

    def __init__(self, site: str, token: str = "", *, seconds: float = 60.0) -> None:
        connection = Connection(site, token, seconds=seconds)
        self.access = Access(connection)
        self.events = Events(connection)
        self.films = Films(connection)
        self.mine = Mine(connection)
        self.operation = Operation(connection)
        self.other_sites = OtherSites(connection)
        self.recommendations = Recommendations(connection)
