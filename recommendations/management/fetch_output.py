"""How the commands that fetch data say what they do."""

from __future__ import annotations

import sys
from typing import Any

from tqdm import tqdm


class FetchTerminal:
    """Lines, and a bar on standard error while bytes arrive if somebody watches."""

    def __init__(self, say: Any, *, bar: bool) -> None:
        self._say = say
        self._shows_bar = bar
        self._bar: tqdm | None = None

    def say(self, message: str) -> None:
        """One line; a bar that stands there ends."""
        self.close()
        self._say(message)

    def downloaded(self, done: int, total: int | None) -> None:
        """So many bytes have come."""
        if not self._shows_bar:
            return
        if self._bar is None:
            self._bar = tqdm(total=total, unit="B", unit_scale=True, leave=False, file=sys.stderr)
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """End the bar."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
