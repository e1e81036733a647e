"""Every named address of the site and of accounts, so that a new page cannot be forgotten by the tests of all pages."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from django.urls import get_resolver, reverse

NAMESPACES = ("pages", "accounts")
# Arguments for which an address exists, whether or not there is anything behind it.
ARGUMENTS = {"uidb64": "MQ", "token": "set-password", "reference": UUID(int=0)}


def named_addresses(**arguments: object) -> Iterator[tuple[str, str]]:
    """Names and addresses; a route's arguments come from ``arguments``, else from :data:`ARGUMENTS`, else they are 1."""
    known = {**ARGUMENTS, **arguments}
    for namespace in NAMESPACES:
        for name, found in get_resolver().namespace_dict[namespace][1].reverse_dict.lists():
            if isinstance(name, str):
                wanted = found[0][0][0][1]
                values = {argument: known.get(argument, 1) for argument in wanted}
                yield f"{namespace}:{name}", reverse(f"{namespace}:{name}", kwargs=values)
