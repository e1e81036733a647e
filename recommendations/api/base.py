"""What the operations share: who may call them, how they read a request, and conditional answers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import ValidationError
from rest_framework.parsers import BaseParser
from rest_framework.permissions import AllowAny, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from accounts.models import ApiToken, Service
from recommendations.api.authentication import ApiTokenAuthentication
from recommendations.api.fields import StrictSerializer, shown
from recommendations.api.parsers import StrictJSONParser
from recommendations.api.permissions import SERVICE_RIGHT, HasRights, HasScope, Scope, SpeaksForService
from recommendations.api.throttles import AnyThrottle, ExpensiveThrottle, ServiceThrottle, SignUpThrottle
from recommendations.web.problems import LengthRequiredError

Checked = TypeVar("Checked", bound=StrictSerializer)
# So long a copy of what is the same for everybody may be used: the time in which a new model reaches everyone.
PUBLIC_SECONDS = 60


class _View(APIView):
    parser_classes: tuple[type[BaseParser], ...] = (StrictJSONParser,)
    throttles: ClassVar[tuple[Callable[[], BaseThrottle], ...]] = ()

    def get_throttles(self) -> list[BaseThrottle]:
        return [AnyThrottle(), *(throttle() for throttle in self.throttles)]

    def check_throttles(self, request: Request) -> None:
        """Count the request under every kind, and keep the counts for the headers of the answer."""
        self._counted = self.get_throttles()
        refusals = [throttle for throttle in self._counted if not throttle.allow_request(request, self)]
        if refusals:
            self.throttled(request, max(throttle.wait() or 0 for throttle in refusals))

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a body whose length is not told, instead of answering as if there were none."""
        if "Transfer-Encoding" in request.headers and not request.headers.get("Content-Length"):
            raise LengthRequiredError(_("Send the body in one piece, with the header Content-Length."))
        super().initial(request, *args, **kwargs)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """What belongs to one person is not kept by anybody's cache on the way, and every answer tells the quota."""
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, value in self._quota(request).items():
            response[name] = value
        if request.user is not None and request.user.is_authenticated and "Cache-Control" not in response:
            patch_cache_control(response, private=True, no_cache=True)
        return response

    def _quota(self, request: Request) -> dict[str, str]:
        """The headers of the scarcest of the client's quotas; none where nothing is limited."""
        quotas = [throttle.quota for throttle in getattr(self, "_counted", ())]
        if not quotas:  # refused before it was counted
            quotas = [AnyThrottle().standing(request)]
        known = [quota for quota in quotas if quota is not None]
        return min(known, key=lambda quota: quota.limit - quota.used).headers if known else {}


class OpenView(_View):
    """Anyone may call it; nobody's session is looked at, so there is no cross-site request to forge.

    A token is looked at if one is sent: a wrong one is told, and the requests count for the person.
    """

    authentication_classes = (ApiTokenAuthentication,)
    permission_classes: tuple[type[BasePermission], ...] = (AllowAny,)


class ExpensiveOpenView(OpenView):
    """The same for calls that take long."""

    throttles = (ExpensiveThrottle,)


class SignUpView(OpenView):
    """The base of the one address that makes an account."""

    throttles = (SignUpThrottle,)


class SignedInView(_View):
    """For a person about what is theirs: with a token that has the scope, or in a session with its CSRF token."""

    authentication_classes = (ApiTokenAuthentication, SessionAuthentication)
    permission_classes: tuple[type[BasePermission], ...] = (IsAuthenticated, HasScope)
    scope: ClassVar[str] = ""


class OperatorView(SignedInView):
    """For those who operate the site: the scope ``operate``, and the account's right to do it."""

    permission_classes = (IsAuthenticated, HasScope, HasRights)
    scope = Scope.OPERATE
    rights: ClassVar[dict[str, str]] = {}


class ServiceView(SignedInView):
    """For programs of other sites about people of theirs. The account that made the token must still be an operator's."""

    permission_classes = (IsAuthenticated, HasScope, HasRights, SpeaksForService)
    reads, writes = Scope.PEOPLE_READ, Scope.PEOPLE_WRITE
    rights: ClassVar[dict[str, str]] = dict.fromkeys(("GET", "PUT", "POST", "DELETE"), SERVICE_RIGHT)

    def get_throttles(self) -> list[BaseThrottle]:
        # Not those of the account: one token of a busy site must not stop its owner, nor the owner's other sites.
        return [ServiceThrottle(), *(throttle() for throttle in self.throttles)]

    @property
    def service(self) -> Service:
        """The site for whose people the token speaks."""
        service = self.request.auth.service if isinstance(self.request.auth, ApiToken) else None
        assert service is not None  # SpeaksForService has seen it
        return service


def checked_query(request: Request, serializer_class: type[Checked]) -> Checked:
    """The query string, each name once, as a valid serializer.

    Raises
    ------
    ValidationError
    """
    sentence = _("%(name)s is given %(count)s times; give it once.")
    repeated = {
        name: [sentence % {"name": shown(name), "count": len(values)}]
        for name, values in request.query_params.lists()
        if len(values) > 1
    }
    if repeated:
        raise ValidationError(repeated)
    serializer = serializer_class(data=request.query_params.dict())
    serializer.is_valid(raise_exception=True)
    return serializer


class NoQuery(StrictSerializer):
    """The empty query string of an operation that takes everything in its body or its address."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if data:
            sentence = _("This operation takes no query parameters.")
            raise ValidationError({name: [sentence] for name in data})
        return {}


class NoBody(StrictSerializer):
    """The empty body of an operation whose address says everything."""


def checked_body(request: Request, serializer_class: type[Checked]) -> Checked:
    """The body as a valid serializer; query parameters are refused.

    Raises
    ------
    ValidationError
    """
    checked_query(request, NoQuery)
    serializer = serializer_class(data=request.data)
    serializer.is_valid(raise_exception=True)
    return serializer


def conditional(request: Request, response: Response, *state: Any) -> Any:
    """``response`` with an ETag made of ``state``, or 304 if the client has it already (RFC 9110)."""
    etag = _etag(request, state)
    response["ETag"] = etag
    answered = get_conditional_response(request._request, etag=etag, response=response)
    return response if answered is None else answered


def _etag(request: Request, state: tuple[Any, ...]) -> str:
    # Sentences are in the language of the request.
    said = repr((request.get_full_path(), get_language(), state))
    return quote_etag(hashlib.sha256(said.encode()).hexdigest()[:32])


def made_from(request: Request, *state: Any, make: Callable[[], Response], mine: bool = False) -> Any:
    """What ``make`` answers, which depends on address, language and ``state`` alone, with an ETag. If the client has it
    already, a 304, and nothing is made. It is for everybody's caches, unless it is ``mine``."""
    etag = _etag(request, state)
    # "*" fits every state that there is, and only making it shows whether there is one.
    early = request.headers.get("If-None-Match", "").strip() != "*"
    response = get_conditional_response(request._request, etag=etag) if early else None
    response = response or make()
    if response.status_code in (200, 304) and "Cache-Control" not in response:
        response["ETag"] = etag
        if mine:
            patch_cache_control(response, private=True, no_cache=True)
            return response
        patch_cache_control(response, public=True, max_age=PUBLIC_SECONDS)
        # A token changes nothing about it, but the cookie may choose the language.
        patch_vary_headers(response, ("Accept", "Accept-Language", "Cookie"))
    return response
