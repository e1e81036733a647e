"""MovieLens-100k from its home, the zip of GroupLens."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

from recommendations.services.movielens.downloads import cache_folder, download
from recommendations.services.movielens.layout import OPTIONAL_FILES, REQUIRED_FILES, MovieLensError
from recommendations.services.movielens.progress import FetchProgress

URL = "https://files.grouplens.org/datasets/movielens/ml-100k.zip"
SHA256 = "50d2a982c66986937beb9ffb3aa76efe955bf3d5c6b761f4e3a7cd717c6a3229"


def write_from_grouplens(folder: Path, progress: FetchProgress) -> None:
    """Downloads the zip and writes its files into ``folder``.

    Raises
    ------
    MovieLensError
        If the download fails or a file is not in the zip.
    """
    progress.say(f"Downloading {URL}")
    archive = download(URL, cache_folder() / "ml-100k.zip", expected_sha256=SHA256, progress=progress)
    with zipfile.ZipFile(archive) as content:
        there = set(content.namelist())
        for name in (*REQUIRED_FILES, *OPTIONAL_FILES):
            member = f"ml-100k/{name}"
            if member in there:
                with content.open(member) as source, (folder / name).open("wb") as target:
                    shutil.copyfileobj(source, target)
            elif name in REQUIRED_FILES:
                raise MovieLensError(f"{archive} holds no {member}.")
