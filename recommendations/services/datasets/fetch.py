"""Where a data set is, and how it comes here: from a folder at hand, or from GroupLens by its checksum."""

from __future__ import annotations

import difflib
import hashlib
import shutil
from pathlib import Path

from django.conf import settings

from recommendations.services.datasets.known import KNOWN, KnownDataSet
from recommendations.services.movielens import fetch_movielens
from recommendations.services.movielens.downloads import cache_folder, download, download_text
from recommendations.services.movielens.layout import FOLDER_NAME, MovieLensError
from recommendations.services.movielens.progress import FetchProgress, SilentFetch
from spark_jobs.data_files import DataError
from spark_jobs.sources import recognise
from spark_jobs.sources.files import list_files
from spark_jobs.staging import replaced_folder


def shelves() -> tuple[Path, ...]:
    """The folders in which data sets lie under their names: that of this home, of the project, and ``MOVIEREC_DATASETS``."""
    places = (
        Path(settings.MOVIEREC_HOME) / "data" / "raw",
        Path(settings.BASE_DIR) / "data" / "raw",
        Path(settings.MOVIEREC_DATASETS),
    )
    return tuple(dict.fromkeys(places))


def here() -> dict[str, Path]:
    """The data sets at hand by name, each where it would be taken from."""
    found: dict[str, Path] = {}
    for shelf in shelves():
        for place in sorted(shelf.iterdir()) if shelf.is_dir() else ():
            if place.name[0] in "._" or (place.is_file() and place.suffix.lower() != ".zip"):
                continue
            if place.stem in found or not _is_data(place):
                continue
            found[place.stem] = place
    return found


def fetch_dataset(
    *, home: Path, name: str, data: Path | None = None, progress: FetchProgress | None = None
) -> Path:
    """The folder (or archive) of a data set, fetched into ``home`` only if it is nowhere at hand.

    ``data`` is a folder or archive to take it from; nothing else is asked then.

    Raises
    ------
    MovieLensError
        If the name is not known, or no source has the data.
    spark_jobs.data_files.DataError
        If ``data`` holds nothing that a reader knows.
    """
    progress = progress or SilentFetch()
    if data is not None:
        return _take(home, name, data, progress)
    if name == FOLDER_NAME:
        return fetch_movielens(home=home, progress=progress)
    place = here().get(name)
    if place is not None:
        progress.say(f"{name} is in {place}.")
        return place
    known = KNOWN.get(name)
    if known is None:
        names = [*KNOWN, *here()]
        close = difflib.get_close_matches(name, names, n=1)
        hint = f"did you mean {close[0]}? " if close else ""
        raise MovieLensError(
            f"{name} is no data set that is known; {hint}There are: {', '.join(dict.fromkeys(names))}. A folder of your own is "
            "taken with --data DIR."
        )
    if not known.url:
        raise MovieLensError(
            f"{known.title} cannot be fetched from here; put its files into {shelves()[0] / name}, or say where they "
            f"are with --data DIR. Its home is {known.terms}."
        )
    archive = _download(known, progress)
    target = home / "data" / "raw" / name
    with replaced_folder(target) as staging:
        shutil.copyfile(archive, staging / archive.name)
        recognise(staging)
    progress.say(f"{known.title} is in {target}. Its terms of use: {known.terms}")
    return target


def _is_data(place: Path) -> bool:
    """True if a reader knows what is there."""
    try:
        recognise(place)
    except (DataError, OSError):
        return False
    return True


def _take(home: Path, name: str, data: Path, progress: FetchProgress) -> Path:
    recognise(data)
    target = home / "data" / "raw" / name
    if target.resolve() == data.resolve():
        return target
    with replaced_folder(target) as staging:
        for file in {file.path for file in list_files(data)}:
            copy = staging / (file.name if data.is_file() else file.relative_to(data))
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
    progress.say(f"{name} is in {target} (from {data}).")
    return target


def _download(known: KnownDataSet, progress: FetchProgress) -> Path:
    expected = known.checksum
    if expected == "published":
        words = download_text(f"{known.url}.md5").split()
        digests = [word for word in words if len(word) == len(hashlib.md5(usedforsecurity=False).hexdigest())]
        if not digests:
            raise MovieLensError(f"{known.url}.md5 holds no checksum; try again later.")
        expected = f"md5:{digests[0].lower()}"
    progress.say(f"Downloading {known.url}")
    kind, _, digest = expected.partition(":")
    return download(
        known.url, cache_folder() / f"{known.name}.zip", expected_sha256=digest, progress=progress, kind=kind
    )
