"""What every operation of the schema tells without being asked. REST framework imports this with its first view."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema


class AccessSchema(AutoSchema):
    """Adds to each description which scope and which role the operation needs, as its permissions say it."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """The operation, with a sentence per permission that has one."""
        operation = super().get_operation(*args, **kwargs)
        if operation is not None:
            needs = [
                permission.in_words(self.view, self.method)
                for permission in self.view.get_permissions()
                if hasattr(permission, "in_words")
            ]
            operation["description"] = " ".join([operation.get("description", ""), *needs]).strip()
        return operation
