"""A home that only its user can open: it holds the database, letters with links that let people in, and a secret."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import NoReturn

from django.core.management.utils import get_random_secret_key

DATABASE = "movierec.sqlite3"


def home_at(path: Path) -> Path:
    """The folder that ``path`` means, ``~`` and links followed; exit code 2 with one sentence if it means none."""
    try:
        return path.expanduser().resolve()
    except (OSError, RuntimeError) as error:
        _refuse(path, str(error).rstrip("."))


def open_home(home: Path, *, folders: tuple[str, ...]) -> None:
    """Make the home with ``folders`` in it and close it to other users; exit code 2 with one sentence if that fails."""
    try:
        for name in folders:
            (home / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(home / DATABASE, os.O_RDWR | os.O_CREAT, 0o600))
        if home.stat().st_uid == os.geteuid():
            _close(home)
    except OSError as error:
        _refuse(home, error.strerror)


def _refuse(home: Path, why: str | None) -> NoReturn:
    sys.stderr.write(f"{home} cannot be written ({why}); choose a folder of your own with MOVIEREC_HOME.\n")
    sys.exit(2)


def _close(home: Path) -> None:
    # A folder that the system shares, such as /tmp, stays as it is.
    if not home.stat().st_mode & stat.S_ISVTX:
        home.chmod(0o700)
    for path in (*home.glob(f"{DATABASE}*"), *home.glob("mail/*")):
        path.chmod(0o600)


def secret_key(home: Path) -> str:
    """Return the home's secret key, creating ``home/secret_key`` (mode 600) on first use."""
    path = home / "secret_key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    key = get_random_secret_key()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key)
    return key
