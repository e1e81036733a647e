"""Takes passwords, keys and tokens out of texts that leave the server."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import Any

from django.conf import settings

HIDDEN = "•••"
SECRET_NAMES = re.compile(r"secret|passw|token|api_?key|credential|private_?key", re.IGNORECASE)
# Settings that only say where a secret is, such as a form's field "password".
_ABOUT_SECRETS = re.compile(r"_(field|model|prefix|name|view|class|callable|url)$", re.IGNORECASE)
# What is said to be a secret: password=…, "api_key": "…", Authorization: Bearer …, redis://user:…@host
_SAID = re.compile(
    r"(?P<name>[\w.-]*(?:secret|passw(?:or)?d|token|api[_-]?key|credential)[\w.-]*[\"']?\s*[=:]\s*[\"']?)"
    r"(?P<value>[^\s\"',;&]+)",
    re.IGNORECASE,
)
_AUTHORIZATION = re.compile(
    r"(?P<name>\b(?:authorization[\"']?\s*[:=]\s*[\"']?(?:\w+\s+)?|Bearer\s+))(?P<value>[\w.~+/=-]{6,})",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?P<name>\b[a-z][a-z0-9+.-]*://[^\s:/@]*:)(?P<value>[^\s@/]+)(?=@)", re.IGNORECASE)
# Shorter values stand in any text by chance; "guest" is no secret, and hiding it would spoil every log.
_SHORTEST = 6


def secret_remover() -> Callable[[str], str]:
    """A function that replaces every known secret, and everything that says that it is one, by dots.

    Known are the values of all settings and environment variables that are called secret.
    """
    found: set[str] = set()
    for name in dir(settings):
        if name.isupper():
            found |= _secrets_in(name, getattr(settings, name))
    for name, value in os.environ.items():
        found |= _secrets_in(name, value)
    # The longest first: one may be the beginning of another.
    known = sorted(found, key=len, reverse=True)

    def without_secrets(text: str) -> str:
        for value in known:
            text = text.replace(value, HIDDEN)
        for pattern in (_ADDRESS, _SAID, _AUTHORIZATION):
            text = pattern.sub(lambda match: match["name"] + HIDDEN, text)
        return text

    return without_secrets


def _secrets_in(name: str, value: Any) -> set[str]:
    if isinstance(value, dict):
        return {secret for key, inner in value.items() for secret in _secrets_in(str(key), inner)}
    if not isinstance(value, str):
        return set()
    value = str(value)  # a setting may be lazy
    found = {match["value"] for match in _ADDRESS.finditer(value)}
    if SECRET_NAMES.search(name) and not _ABOUT_SECRETS.search(name):
        found.add(value)
    return {secret for secret in found if len(secret) >= _SHORTEST}
