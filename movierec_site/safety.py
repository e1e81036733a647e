"""What production refuses to start with. Each finding is one sentence that names the setting and the way out.

The checks are Django system checks: every management command that runs checks stops at them, and
:func:`refuse_unsafe_start` does the same for gunicorn, the Celery worker and beat.
"""

from __future__ import annotations

import ipaddress
import re
import sys
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, run_checks

TAG = "production"
# gunicorn ends itself, instead of starting the worker again, when one ends with this code.
EXIT_CODE = 4
MINIMUM_SECRET_LENGTH, MINIMUM_DISTINCT_CHARACTERS = 50, 5
MINIMUM_TOKEN_LENGTH, MINIMUM_PASSWORD_LENGTH = 24, 12
_WELL_KNOWN = re.compile(
    r"(?i)insecure|change[-_ ]?me|example|only-for-tests|default|your[-_ ]?secret|placeholder"
)
_WELL_KNOWN_PASSWORDS = frozenset({"password", "postgres", "movierec", "admin", "root", "secret", "redis"})
NEW_SECRET = 'make one with: python -c "import secrets; print(secrets.token_urlsafe(64))"'


def is_private_host(host: str) -> bool:
    """Whether ``host`` can only be on this machine or in a private network.

    That is: a loopback or private address, ``localhost``, or a name without a dot, as containers have (the name
    service of the public internet knows none).
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return bool(host) and ("." not in host or host.endswith(".localhost"))
    return address.is_loopback or (address.is_private and not address.is_unspecified)


def _secret_key() -> Iterator[str]:
    key = settings.SECRET_KEY
    if len(key) < MINIMUM_SECRET_LENGTH or len(set(key)) < MINIMUM_DISTINCT_CHARACTERS:
        yield f"SECRET_KEY is missing or shorter than {MINIMUM_SECRET_LENGTH} characters; {NEW_SECRET}"
    elif _WELL_KNOWN.search(key):
        yield f"SECRET_KEY is the value of an example; {NEW_SECRET}"


def _debug() -> Iterator[str]:
    if settings.DEBUG:
        yield "DEBUG is on and would show settings and code to everybody; take DEBUG out of the environment."


def _hosts() -> Iterator[str]:
    if not settings.ALLOWED_HOSTS:
        yield "ALLOWED_HOSTS is empty; name the site's hosts, for example ALLOWED_HOSTS=films.example.org"
    elif any(host in ("*", ".") for host in settings.ALLOWED_HOSTS):
        yield "ALLOWED_HOSTS allows every host; name the site's hosts instead of *."


def _database() -> Iterator[str]:
    database: dict[str, Any] = settings.DATABASES["default"]
    if not database.get("NAME"):
        yield "DATABASE_URL is missing; for example postgres://movierec:PASSWORD@database:5432/movierec"
    elif "sqlite" not in database["ENGINE"]:
        yield from _password("DATABASE_URL", database.get("PASSWORD") or "")


def _broker() -> Iterator[str]:
    url = urlsplit(getattr(settings, "CELERY_BROKER_URL", ""))
    if url.scheme in ("redis", "rediss"):
        yield from _password("CELERY_BROKER_URL", url.password or "")
        if url.scheme == "redis" and not is_private_host(url.hostname or ""):
            yield "CELERY_BROKER_URL names a remote Redis without TLS; use rediss:// or a private network."


def _password(setting: str, password: str) -> Iterator[str]:
    weak = password.lower() in _WELL_KNOWN_PASSWORDS or _WELL_KNOWN.search(password)
    if weak or len(password) < MINIMUM_PASSWORD_LENGTH:
        yield (
            f"The password in {setting} is missing, well known or shorter than {MINIMUM_PASSWORD_LENGTH} "
            "characters; make a random one with: openssl rand -hex 24"
        )


def _elasticsearch() -> Iterator[str]:
    url = urlsplit(settings.ELASTICSEARCH_URL)
    if not settings.ELASTICSEARCH_URL or is_private_host(url.hostname or ""):
        return
    if url.scheme != "https":
        yield (
            "ELASTICSEARCH_URL names a remote cluster without TLS; use https:// (and ELASTICSEARCH_CA_CERTS for an "
            "authority of your own), or an address in a private network."
        )
    if not (settings.ELASTICSEARCH_API_KEY or url.password):
        yield "The remote Elasticsearch would be asked without a key; set ELASTICSEARCH_API_KEY."


def _admin() -> Iterator[str]:
    if not settings.ADMIN_NETWORKS and not settings.ADMIN_OPEN:
        yield (
            "The admin would be open to the whole internet; set ADMIN_NETWORKS to the networks of your operators "
            "(for example ADMIN_NETWORKS=10.0.0.0/8), or ADMIN_OPEN=true if something before the site guards it."
        )
    for network in settings.ADMIN_NETWORKS:
        try:
            ipaddress.ip_network(network)
        except ValueError:
            yield f"ADMIN_NETWORKS contains {network!r}; expected networks such as 10.0.0.0/8 or 192.0.2.7/32."


def _metrics() -> Iterator[str]:
    token = settings.METRICS_TOKEN
    if token and (len(token) < MINIMUM_TOKEN_LENGTH or _WELL_KNOWN.search(token)):
        yield (
            f"METRICS_TOKEN is the value of an example or shorter than {MINIMUM_TOKEN_LENGTH} characters; "
            "make a random one with: openssl rand -hex 24"
        )


def _cache() -> Iterator[str]:
    if settings.CACHES["default"]["BACKEND"].endswith(("LocMemCache", "DummyCache")):
        yield (
            "REDIS_URL is missing: each process would count wrong passwords, requests and e-mails for itself; for "
            "example REDIS_URL=redis://:PASSWORD@redis:6379/0"
        )


# By the end of the identifier, which stays the same for good: people silence checks by it.
_FINDERS = {
    "E001": _secret_key,
    "E002": _debug,
    "E003": _hosts,
    "E004": _database,
    "E005": _elasticsearch,
    "E006": _admin,
    "E007": _metrics,
    "E008": _broker,
    "E009": _cache,
}


def check_production(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """The findings, where the settings say that this is production; nothing elsewhere."""
    if not settings.PRODUCTION:
        return []
    return [
        Error(sentence, id=f"movierec.{number}") for number, find in _FINDERS.items() for sentence in find()
    ]


def refuse_unsafe_start() -> None:
    """End the process with :data:`EXIT_CODE` and the sentences on stderr if production is not safe to start."""
    findings = [finding for finding in run_checks(tags=[TAG]) if not finding.is_silenced()]
    if not findings:
        return
    for finding in findings:
        print(finding.msg, file=sys.stderr)
    print("The site does not start like this.", file=sys.stderr)
    sys.stderr.flush()
    sys.exit(EXIT_CODE)
