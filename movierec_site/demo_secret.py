"""The demo's secret key: made once per home, readable by its owner alone."""

import os
from pathlib import Path

from django.core.management.utils import get_random_secret_key


def demo_secret_key(home: Path) -> str:
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
