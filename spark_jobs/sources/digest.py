"""What identifies the content of a data set, so that equal data are not trained on twice."""

from __future__ import annotations

import hashlib
from pathlib import Path

from spark_jobs.data_files import DATA_FILES
from spark_jobs.sources import recognise
from spark_jobs.sources.hundred_k import LAYOUT
from spark_jobs.sources.site import site_files

_BLOCK = 1 << 20


def data_digest(data_dir: Path | str) -> str:
    """SHA-256 (hex) over the names, sizes and bytes of the files that are read; equal data give an equal digest.

    Raises
    ------
    spark_jobs.data_files.DataError
        If no reader knows the folder, or a file is missing, empty or cut off.
    """
    place = Path(data_dir)
    source = recognise(place)
    if source.layout == LAYOUT:
        paths = [(name, place / name) for name in DATA_FILES]
    else:
        paths = list({file.path: (file.path.name, file.path) for file in source.files}.values())
    digest = hashlib.sha256()
    for name, path in (*paths, *((path.name, path) for path in site_files(place))):
        digest.update(f"{name} {path.stat().st_size}\n".encode())
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    return digest.hexdigest()
