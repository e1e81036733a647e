"""The registry's lock: whoever changes the champion, or prunes, does so alone."""

from __future__ import annotations

from recommendations.models import ModelVersion


def lock_registry() -> None:
    """Hold every row of the registry until the transaction ends.

    All of them, because the row that another transaction makes the champion meanwhile would not be among those that
    a lock on the present champion holds. SQLite has one writer at a time anyway.
    """
    list(ModelVersion.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
