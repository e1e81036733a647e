"""Which tests share a process when several run side by side (``pytest -n 2``).

What takes minutes to start, the demo on real data and the full stack, is started in one process only; all other tests
stay together by file.
"""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

# By the beginning of a test's path.
GROUPS = {
    "tests/browser/": "demo",
    "tests/api/test_examples.py": "demo",
    "tests/stack/": "stack",
}


def group_of(nodeid: str) -> str:
    """The name of the group; one process runs all of a group."""
    return next((group for start, group in GROUPS.items() if nodeid.startswith(start)), nodeid.split("::")[0])


# They take longest for the number of their tests, and xdist begins with the groups that have most.
FIRST = ("stack", "demo")


class SharingScheduler(LoadScopeScheduling):
    """Hands out whole groups."""

    def _assign_work_unit(self, node: WorkerController) -> None:
        for group in reversed(FIRST):
            if group in self.workqueue:
                self.workqueue.move_to_end(group, last=False)
        super()._assign_work_unit(node)

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)
