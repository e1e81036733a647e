"""How often one client may ask the API; :mod:`recommendations.web.limits` counts."""

from __future__ import annotations

from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from accounts.models import ApiToken
from recommendations.web import limits
from recommendations.web.client_address import client_network


class Throttle(BaseThrottle):
    """Counts by person, and without one by network."""

    kind = ""
    by_person = True
    quota: limits.Quota | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count this request; false if it is one too many."""
        self.quota = limits.counted(*self._counted_as(request))
        return not self.wait()

    def standing(self, request: Request) -> limits.Quota | None:
        """How the client stands, without counting."""
        return limits.standing(*self._counted_as(request))

    def _counted_as(self, request: Request) -> tuple[str, object]:
        if self.by_person and request.user is not None and request.user.is_authenticated:
            return f"{self.kind}-person", request.user.pk
        return f"{self.kind}-address", client_network(request._request)

    def wait(self) -> float | None:
        """Seconds until the next window."""
        return 0 if self.quota is None else self.quota.wait


class AnyThrottle(Throttle):
    """Counts every request of an address or a person."""

    kind = "any"


class ServiceThrottle(Throttle):
    """Every request for the people of another site; each token counts by itself."""

    kind = "service"

    def _counted_as(self, request: Request) -> tuple[str, object]:
        if not isinstance(request.auth, ApiToken):
            return super()._counted_as(request)
        return f"{self.kind}-token", request.auth.pk


class BulkThrottle(ServiceThrottle):
    """Requests with many lines."""

    kind = "bulk"


class ExpensiveThrottle(Throttle):
    """Calls that take long: a list from a whole history, lists for several people, bringing a file in, jobs."""

    kind = "expensive"


class ImportThrottle(Throttle):
    """Looking at a file of ratings, which takes a second; the pages count under the same kind."""

    kind = "import"


class SignUpThrottle(Throttle):
    """Calls that make an account count like passwords, which the guard against guessing counts itself."""

    kind = "sign-in"
    by_person = False
