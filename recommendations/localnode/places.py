"""As whom a node runs and where its files lie. Elasticsearch refuses to run as root."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from recommendations.localnode.state import NodeError, fallback_for, own_folder, read_state

_UNPRIVILEGED = ("elasticsearch", "nobody")
_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class NodeUser:
    """The account that the node's process gets; ``dropped`` if it is another one than this process has."""

    name: str
    uid: int
    gid: int
    dropped: bool

    def as_process(self) -> dict[str, Any]:
        """Arguments for ``subprocess`` that make the child run as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.dropped else {}

    def may(self, access: str, path: Path) -> bool:
        """Whether this user passes ``test ACCESS PATH`` (``-w``, ``-x``); asked as that user, so every parent counts."""
        answer = subprocess.run(["test", access, str(path)], cwd="/", check=False, **self.as_process())
        return answer.returncode == 0

    def own(self, folder: Path) -> None:
        """Give ``folder`` to this user and close it to everybody else."""
        if self.dropped:
            os.chown(folder, self.uid, self.gid)
        folder.chmod(0o700)


def node_user() -> NodeUser:
    """The present user, or for root an unprivileged account.

    Raises
    ------
    NodeError
        If this is root and there is no unprivileged account.
    """
    if os.geteuid() != 0:
        uid = os.geteuid()
        try:
            name = pwd.getpwuid(uid).pw_name
        except KeyError:
            name = str(uid)
        return NodeUser(name, uid, os.getegid(), dropped=False)
    for name in _UNPRIVILEGED:
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return NodeUser(name, account.pw_uid, account.pw_gid, dropped=True)
    raise NodeError(
        "Elasticsearch does not run as root, and there is no user "
        f"{' or '.join(_UNPRIVILEGED)} to run it as; create one, or run this as another user."
    )


def node_folder(home: Path, user: NodeUser) -> Path:
    """The node's folder, created, owned by ``user``, mode 0700: the recorded one, under ``home``, or the fallback.

    Raises
    ------
    NodeError
        If ``user`` can use none of them, or the fallback was made by somebody else.
    """
    own_place = own_folder(home)
    state = read_state(home)
    recorded = [Path(state.folder)] if state is not None else []
    for folder in dict.fromkeys([*recorded, own_place, fallback_for(home)]):
        _make(folder, user)
        if user.may("-w", folder):
            return folder
        if not any(folder.iterdir()):
            folder.rmdir()
    raise NodeError(f"The user {user.name} can use neither {own_place} nor {fallback_for(home)}.")


def _make(folder: Path, user: NodeUser) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (user.uid, os.geteuid()):
            raise NodeError(
                f"{folder} belongs to somebody else; remove it, or use another MOVIEREC_HOME."
            ) from None
    user.own(folder)


def require_free_space(folder: Path, needed: int, *, purpose: str, remedy: str) -> None:
    """Raise ``NodeError`` unless ``folder`` (which exists) has room for ``needed`` bytes."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise NodeError(
            f"Not enough disk space in {folder}: {needed / _MEGABYTE:.0f} MB are needed to {purpose}, "
            f"{free / _MEGABYTE:.0f} MB are free; {remedy}."
        )
