"""Downloads that are kept: a file is in the cache with the right checksum or not at all."""

from __future__ import annotations

import hashlib
import http.client
import os
import tempfile
import urllib.error
import urllib.request
from functools import partial
from pathlib import Path
from typing import Any

from recommendations.services.movielens.layout import MovieLensError
from recommendations.services.movielens.progress import FetchProgress

TIMEOUT_SECONDS = 8.0
_BLOCK = 1 << 16
_NAMES = {"sha256": "SHA-256", "md5": "MD5"}


def cache_folder() -> Path:
    """``MOVIEREC_CACHE``, else ``movierec`` in the user's cache folder; shared by all homes of this person."""
    chosen = os.environ.get("MOVIEREC_CACHE")
    if chosen:
        return Path(chosen).expanduser()
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "movierec"


def checksum(path: Path, kind: str = "sha256") -> str:
    """SHA-256 (or MD5) of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, partial(hashlib.new, kind, usedforsecurity=False)).hexdigest()


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return checksum(path)


def download_text(url: str) -> str:
    """A small text, such as a checksum that lies beside an archive.

    Raises
    ------
    MovieLensError
        If the server cannot be reached.
    """
    with _open(url) as response:
        return _read_block(response, url, 0).decode("utf-8", "replace")


def download(
    url: str, target: Path, *, expected_sha256: str, progress: FetchProgress, kind: str = "sha256"
) -> Path:
    """``target`` with the content of ``url``; taken from an earlier download if its checksum is right.

    ``expected_sha256`` is the checksum, of another ``kind`` where its publisher gives only that.

    Raises
    ------
    MovieLensError
        If the server cannot be reached, stops in the middle, or sends something else.
    """
    if target.is_file() and checksum(target, kind) == expected_sha256:
        progress.say(f"Found {target.name} from an earlier download.")
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
    os.close(handle)
    part = Path(name)
    try:
        _receive(url, part, progress)
        found = checksum(part, kind)
        if found != expected_sha256:
            raise MovieLensError(
                f"The checksum of {url} is wrong ({_NAMES.get(kind, kind)} {found[:12]}…, expected {expected_sha256[:12]}…); "
                "the file is damaged or has changed, and was not kept."
            )
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
    return target


def _receive(url: str, part: Path, progress: FetchProgress) -> None:
    with _open(url) as response, part.open("wb") as file:
        length = response.headers.get("Content-Length")
        total = int(length) if length and length.isdigit() else None
        done = 0
        while block := _read_block(response, url, done):
            file.write(block)
            done += len(block)
            progress.downloaded(done, total)
    if total is not None and done != total:
        raise MovieLensError(f"The connection to {url} broke after {done:,} of {total:,} bytes.")


def _open(url: str) -> Any:
    try:
        return urllib.request.urlopen(url, timeout=TIMEOUT_SECONDS)  # nosec B310
    except urllib.error.HTTPError as error:
        raise MovieLensError(f"{url} answered {error.code} {error.reason}.") from error
    except (OSError, http.client.HTTPException) as error:
        raise MovieLensError(f"{url} cannot be reached ({getattr(error, 'reason', error)}).") from error


def _read_block(response: Any, url: str, done: int) -> bytes:
    # Apart from writing, so that a full disk is not taken for a broken connection or the other way round.
    try:
        return response.read(_BLOCK)
    except (OSError, http.client.HTTPException) as error:
        raise MovieLensError(f"The connection to {url} broke after {done:,} bytes ({error}).") from error
