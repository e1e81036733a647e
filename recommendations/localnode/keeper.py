"""Stops the node of a home as soon as whoever started it is gone, however suddenly; a program of its own.

    python -m recommendations.localnode.keeper HOME

The starter holds the other end of the standard input and never writes to it. A starter that ends in order ends this
process first and then stops the node itself.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from recommendations.localnode.lifecycle import stop


def main(home: Path) -> None:
    """Wait until nobody holds the other end any more, then stop the node."""
    while os.read(0, 1024):
        pass
    # From here on the node is half stopped: what ends the group of the starter must not end this.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    stop(home)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
