"""What drf-spectacular writes in a way that linters refuse, put right in the finished schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_NULL = "#/components/schemas/NullEnum"


def say_null_once(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """Leaves of "this enum or null" the ``oneOf`` of the enum and of an enum of null, which says it all.

    The ``nullable`` beside it is refused by linters: without a type OpenAPI 3.0 gives it no meaning.
    """
    for part in _parts(result):
        if {"$ref": _NULL} in part.get("oneOf", ()) and "type" not in part:
            part.pop("nullable", None)
    return result


def deprecate_parameters(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """Says of a deprecated query parameter that it is, and not of its type only."""
    for path in result["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", ()):
                if parameter["schema"].pop("deprecated", False):
                    parameter["deprecated"] = True
    return result


def _parts(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        yield part
        for value in part.values():
            yield from _parts(value)
    elif isinstance(part, list):
        for value in part:
            yield from _parts(value)
