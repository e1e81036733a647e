"""Who is asking: a token in the header ``Authorization``, or the session of the site."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from knox.auth import TokenAuthentication
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

SCHEME = "Bearer"
_TOKEN = re.compile(rb"mrec_[0-9a-f]{64}")


class ApiTokenAuthentication(TokenAuthentication):
    """``Authorization: Bearer mrec_…``. knox compares hashes in constant time and deletes what has expired."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """The person and the token, or ``None`` without a header.

        Raises
        ------
        AuthenticationFailed
        """
        header = get_authorization_header(request)
        if not header:
            return None
        scheme, _space, token = header.partition(b" ")
        if scheme.lower() != SCHEME.lower().encode() or not _TOKEN.fullmatch(token):
            sentence = _("The header Authorization holds no token. Send Bearer and a space before the token.")
            raise AuthenticationFailed(sentence)
        try:
            return self.authenticate_credentials(token)
        except AuthenticationFailed as error:
            sentence = _("The token is unknown, expired or revoked. Make another one.")
            raise AuthenticationFailed(sentence) from error

    def authenticate_header(self, request: Request) -> str:
        return f'{SCHEME} realm="movierec"'


class Unidentified(BaseAuthentication):
    """Looks at neither token nor session, for operations that take a password; their failure is a 401 too."""

    def authenticate(self, request: Request) -> None:
        """Tell nobody who asks: the operation takes a password instead."""

    def authenticate_header(self, request: Request) -> str:
        return f'{SCHEME} realm="movierec"'


class ApiTokenScheme(OpenApiAuthenticationExtension):
    """Tells the schema about tokens."""

    target_class = ApiTokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": "bearer",
            "description": "A token from `POST /api/v1/tokens/` or from the page “API access”, with its scopes.",
        }
