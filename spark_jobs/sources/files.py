"""The files of a folder or zip archive of data, plain or compressed, and how their text is written.

What looks at a file without reading it takes its beginning alone (:meth:`DataFile.head`).
"""

from __future__ import annotations

import codecs
import gzip
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, cast

from spark_jobs.data_files import DataError

HEAD_BYTES = 1_000_000
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# A folder of parts is one level deep.
_DEPTH = 2


@dataclass(frozen=True)
class DataFile:
    """A file, or a ``member`` of a zip archive; ``name`` is its path in the folder without ``.gz``, ``size`` in bytes
    as it lies there."""

    path: Path
    name: str
    size: int
    member: str = ""

    @property
    def base(self) -> str:
        """Its name without folders, in small letters."""
        return PurePosixPath(self.name).name.lower()

    @property
    def folder(self) -> str:
        """The name of the folder that it lies in, in small letters; empty at the top."""
        return PurePosixPath(self.name).parent.name.lower()

    @property
    def is_plain(self) -> bool:
        """True if the file at ``path`` holds the bytes as they are."""
        return not self.member and self.path.suffix.lower() != ".gz"

    def __str__(self) -> str:
        return f"{self.path}/{self.member}" if self.member else str(self.path)

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Its bytes, uncompressed.

        Raises
        ------
        DataError
            If it cannot be read or is damaged.
        """
        try:
            if self.member:
                with zipfile.ZipFile(self.path) as archive, archive.open(self.member) as file:
                    is_packed = self.member.lower().endswith(".gz")
                    yield cast(IO[bytes], gzip.GzipFile(fileobj=file)) if is_packed else file
            elif self.path.suffix.lower() == ".gz":
                with gzip.open(self.path) as file:
                    yield cast(IO[bytes], file)
            else:
                with self.path.open("rb") as file:
                    yield file
        except (OSError, EOFError, zipfile.BadZipFile, zipfile.zlib.error) as error:  # type: ignore[attr-defined]
            why = getattr(error, "strerror", None) or error
            raise DataError(f"{self} cannot be read ({why}); copy or fetch it again.") from error

    def head(self, size: int = HEAD_BYTES) -> bytes:
        """Its first bytes."""
        with self.open() as file:
            return file.read(size)


def list_files(place: Path) -> list[DataFile]:
    """The files in a folder (and one level of folders below), or in a zip archive, in the order of their names.

    What begins with a dot or an underscore is left out. One folder that holds everything is looked through.

    Raises
    ------
    DataError
        If there is no such folder or archive, or it is damaged.
    """
    if place.is_file():
        found = _members(place) if place.suffix.lower() == ".zip" else [_file(place, place.name)]
    elif place.is_dir():
        found = []
        for path in sorted(place.rglob("*")):
            parts = path.relative_to(place).parts
            if len(parts) > _DEPTH or any(part[0] in "._" for part in parts) or not path.is_file():
                continue
            if path.suffix.lower() == ".zip":
                found += _members(path)
            else:
                found.append(_file(path, "/".join(parts)))
    else:
        raise DataError(f"The data folder {place} does not exist.")
    return found


def _file(path: Path, name: str) -> DataFile:
    return DataFile(path, name[:-3] if name.lower().endswith(".gz") else name, path.stat().st_size)


def _members(path: Path) -> list[DataFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except (OSError, zipfile.BadZipFile) as error:
        raise DataError(
            f"{path} is no zip archive that can be read ({error}); copy or fetch it again."
        ) from error
    names = [info.filename for info in infos]
    top = names[0].split("/")[0] + "/" if names and all("/" in name for name in names) else ""
    shift = len(top) if top and all(name.startswith(top) for name in names) else 0
    files = []
    for info in sorted(infos, key=lambda info: info.filename):
        name = info.filename[shift:]
        if any(part[:1] in "._" for part in name.split("/")):
            continue
        plain = name[:-3] if name.lower().endswith(".gz") else name
        files.append(DataFile(path, plain, info.file_size, info.filename))
    return files


def encoding_of(file: DataFile, *, whole: bool = True) -> str:
    """How the text of a file is written: by its mark, else UTF-8 if it is valid, else latin-1.

    Every second byte NUL is UTF-16 without a mark. ``whole`` false looks at the beginning alone.
    """
    with file.open() as opened:
        block = opened.read(HEAD_BYTES)
        for mark, encoding in _BOMS:
            if block.startswith(mark):
                return encoding
        start = block[:2_000]
        if start and start[1::2].count(0) > len(start) // 3:
            return "utf-16-le"
        if start and start[::2].count(0) > len(start) // 3:
            return "utf-16-be"
        decoder = _Decoder()
        while block:
            last = not whole or len(block) < HEAD_BYTES
            if not decoder.takes(block, final=last and whole):
                return "iso-8859-1"
            if not whole:
                return "utf-8"
            block = opened.read(HEAD_BYTES)
    return "utf-8"


class _Decoder:
    """Whether bytes are UTF-8, block by block."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def takes(self, block: bytes, *, final: bool) -> bool:
        try:
            self._decoder.decode(block, final)
        except UnicodeDecodeError:
            return False
        return True


@contextmanager
def open_text(file: DataFile, encoding: str) -> Iterator[io.TextIOWrapper]:
    """Its text; bytes that do not fit become �. Line ends stay as they are, as :mod:`csv` wants them."""
    with file.open() as opened:
        yield io.TextIOWrapper(opened, encoding=encoding, errors="replace", newline="")
