"""From which address a request really comes."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def client_address(request: HttpRequest) -> Address | None:
    """The address before the ``TRUSTED_PROXIES`` last proxies; None where it cannot be told.

    Each proxy appends to ``X-Forwarded-For`` whom it heard from, so only the last entries can be believed: what
    stands before them, the browser may have written itself.
    """
    address_text = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
        if len(hops) < settings.TRUSTED_PROXIES:
            return None
        address_text = hops[-settings.TRUSTED_PROXIES]
    try:
        address = ipaddress.ip_address(address_text)
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped or address


def network_of_client(request: HttpRequest) -> Network | None:
    """What counts as one client: an IPv4 address, or the /64 that an IPv6 subscriber gets at the least."""
    address = client_address(request)
    if address is None:
        return None
    return ipaddress.ip_network((address, 64 if address.version == 6 else 32), strict=False)


def client_network(request: HttpRequest) -> str:
    """The same as a key to count under; where it cannot be told, all such requests are one client."""
    return str(network_of_client(request) or "unknown")
