"""How long a node is waited for: as long as it writes its log."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from recommendations.localnode import NodeState, launch
from recommendations.localnode.state import NodeError


class SlowLauncher:
    """A launching process that never ends; at each look a minute has passed and, five times, the log has grown."""

    def __init__(self, log: Path) -> None:
        self.minutes, self._log = 0, log

    def poll(self) -> None:
        self.minutes += 1
        if self.minutes <= 5:
            with self._log.open("a") as log:
                log.write("loaded another module\n")


def test_a_slow_node_is_waited_for_and_a_silent_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "logs").mkdir()
    state = NodeState(version="8.19.21", folder=str(tmp_path))
    launcher = SlowLauncher(state.log_file)
    clock = SimpleNamespace(monotonic=lambda: 60.0 * launcher.minutes, sleep=lambda seconds: None)
    monkeypatch.setattr(launch, "time", clock)
    with pytest.raises(NodeError, match="did not start and has written nothing for 180 seconds"):
        launch._wait(state, launcher, lambda stage, fraction: None)
    assert launcher.minutes == 9  # five minutes with news, three without, and the one that was too much
