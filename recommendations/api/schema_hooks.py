"""What drf-spectacular writes in a way that linters refuse, put right in the finished schema."""

from __future__ import annotations

from typing import Any


def deprecate_parameters(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """Says of a deprecated query parameter that it is, and not of its type only."""
    for path in result["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", ()):
                if parameter["schema"].pop("deprecated", False):
                    parameter["deprecated"] = True
    return result
