"""Which tests share a process when several run side by side (``pytest -n 2 --dist loadgroup``).

A service that takes long to start is started once: everything that needs it goes to the same process. All other tests
stay together by file. What takes longest comes first, so that no process waits for another at the end.
"""

from __future__ import annotations

import pytest

# A test belongs to the first of these that it has, as a fixture or as a marker.
SERVICES = ("demo_stack", "browser", "stack", "elasticsearch", "spark")
GROUPS = {"browser": "demo_stack"}


def group_of(item: pytest.Item) -> str:
    """The name of the group; one process runs all of a group."""
    needs = {*getattr(item, "fixturenames", ()), *(marker.name for marker in item.iter_markers())}
    service = next((name for name in SERVICES if name in needs), None)
    return item.nodeid.split("::")[0] if service is None else GROUPS.get(service, service)


def name_groups(items: list[pytest.Item]) -> None:
    """Mark every test with its group."""
    for item in items:
        item.add_marker(pytest.mark.xdist_group(group_of(item)))


def bring_long_groups_forward(items: list[pytest.Item]) -> None:
    """Sort by service; within a group, and among all other tests, the order stays."""
    order = {name: place for place, name in enumerate(SERVICES)}
    items.sort(key=lambda item: order.get(group_of(item), len(SERVICES)))
