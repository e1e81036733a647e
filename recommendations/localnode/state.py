"""What one home remembers of its node: ``MOVIEREC_HOME/elasticsearch/node.json``."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from recommendations.localnode import processes

HOST = "127.0.0.1"
FALLBACK_FOLDER = Path("/var/tmp")  # nosec B108


@dataclass(frozen=True)
class NodeState:
    """The node as it was last known.

    ``session`` is the process session everything of the node lives in (``None``: stopped); ``pid`` and
    ``identity`` are the server process once it has answered. ``folder`` holds its program, settings, data
    and logs and stays the same from start to start.
    """

    version: str
    folder: str
    session: int | None = None
    pid: int | None = None
    identity: str | None = None
    port: int | None = None
    heap: str = ""
    user: str = ""
    java: str = ""

    @property
    def url(self) -> str:
        """Where the node answers; only of use while it runs."""
        return f"http://{HOST}:{self.port}"

    @property
    def log_file(self) -> Path:
        """What the node itself writes down."""
        return Path(self.folder, "logs", "node.log")

    def is_alive(self) -> bool:
        """Whether the recorded server process still runs (not merely one with the same number)."""
        return (
            self.pid is not None
            and self.identity is not None
            and processes.identity(self.pid) == self.identity
        )

    def stopped(self) -> NodeState:
        """The same node without any process."""
        return replace(self, session=None, pid=None, identity=None, port=None)


def state_folder(home: Path) -> Path:
    """Where this home keeps everything about its node."""
    return home / "elasticsearch"


def own_folder(home: Path) -> Path:
    """Where the node's files lie if its user can reach them there."""
    return state_folder(home.resolve()) / "node"


def fallback_for(home: Path) -> Path:
    """Where they lie for a home that the node's user cannot reach, for example in a closed folder of root."""
    return FALLBACK_FOLDER / f"movierec-{hashlib.sha256(os.fsencode(home.resolve())).hexdigest()[:16]}"


def state_file(home: Path) -> Path:
    """The file that :func:`read_state` reads."""
    return state_folder(home) / "node.json"


def read_state(home: Path) -> NodeState | None:
    """The recorded state, or ``None`` if no node was ever started here or the file is not readable as one.

    A record that came with a copied home names the node of the original, which is none of this home's business.
    """
    try:
        state = NodeState(**json.loads(state_file(home).read_text()))
    except (FileNotFoundError, NotADirectoryError, ValueError, TypeError):
        return None
    return state if Path(state.folder) in (own_folder(home), fallback_for(home)) else None


def write_state(home: Path, state: NodeState) -> None:
    """Replace the recorded state; a reader sees the old one or the new one, never a part."""
    target = state_file(home)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    fresh.write_text(json.dumps(asdict(state), indent=2) + "\n")
    os.replace(fresh, target)


def running_node(home: Path) -> NodeState | None:
    """The state of this home's node if its process lives, else ``None``. Reads only; well under a millisecond."""
    state = read_state(home)
    return state if state is not None and state.is_alive() else None
