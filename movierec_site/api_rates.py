"""How often one client may ask the API, the variables of the environment that change it, and what other sites' pages
may send and read."""

from __future__ import annotations

# Per second, minute, hour or day. A client is a person, or a network without a person; "expensive" and "sign-in" count
# besides "any". "sign-in" and what stands below it hold for pages as well: forms that take a password or make an
# account, wrong passwords for one account from anywhere, e-mails to one mailbox and those that one network asks for.
API_RATES = {
    "any-person": "6000/minute",
    "any-address": "3000/minute",
    # Tokens for other sites' people, which count by themselves; a bulk request has up to 50,000 lines.
    "service-token": "30000/minute",
    "bulk-token": "600/minute",
    "expensive-person": "600/minute",
    "expensive-address": "300/minute",
    # Files looked at, on the pages as well.
    "import-person": "30/hour",
    "group-address": "60/hour",
    "sign-in-address": "30/minute",
    "wrong-account": "100/hour",
    "letter-mailbox": "5/hour",
    "letter-address": "20/hour",
}


# What pages of other sites may send to the API, and read of its answers.
CORS_ALLOW_HEADERS = [
    *("accept", "accept-language", "authorization", "content-type"),
    *("if-match", "if-none-match", "idempotency-key"),
]
CORS_EXPOSE_HEADERS = [
    *("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "Retry-After"),
    *("Deprecation", "ETag", "Location", "Sunset"),
]


def rate_variable(kind: str) -> str:
    """The variable that sets the rate of this kind: ``API_RATE_ANY_PERSON``. Empty, it is no limit."""
    return f"API_RATE_{kind.replace('-', '_').upper()}"


# An environment in which nobody is limited, for measuring what the site can do.
UNLIMITED = {rate_variable(kind): "" for kind in API_RATES}
