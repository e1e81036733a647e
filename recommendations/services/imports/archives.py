"""The zip archives of exports, read in memory and never unpacked to a disk. Plain Python."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from recommendations.services.imports.errors import ImportFileError

MOST_FILES = 2_000
MOST_UNPACKED = 60_000_000
# Text packs to a tenth or twentieth; what packs better than this is made to fill memory.
_MOST_RATIO = 400
_READABLE = (".csv", ".tsv", ".txt", ".json", ".xml", ".data")
# Folders of Letterboxd with what was taken back, and what systems leave behind.
_LEFT_OUT = ("deleted", "orphaned", "__macosx")
_ENCRYPTED = 0x1
_DAMAGED = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError),
    *(NotImplementedError, EOFError, ValueError, OSError, IndexError, RuntimeError),
)
_IS_ARCHIVE = (".zip", ".rar", ".7z", ".gz", ".tar")


@dataclass
class Archive:
    """Names and contents of the files that may hold films, and the names of archives inside, which stay closed."""

    files: list[tuple[str, bytes]] = field(default_factory=list)
    nested: list[str] = field(default_factory=list)


def is_archive(content: bytes) -> bool:
    """Whether this is a zip archive."""
    return content.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def open_archive(content: bytes) -> Archive:
    """The files of an archive that may hold films.

    Raises
    ------
    ImportFileError
        If it is broken, encrypted, too large when unpacked, holds too many files or names one outside of itself.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _check(entries)
            found = Archive()
            for entry in entries:
                path = PurePosixPath(entry.filename)
                if path.parts[0].lower() in _LEFT_OUT or path.name.startswith("."):
                    continue
                if path.suffix.lower() in _IS_ARCHIVE:
                    found.nested.append(entry.filename[:100])
                elif path.suffix.lower() in _READABLE:
                    found.files.append((entry.filename, archive.read(entry)))
    except ImportFileError:
        raise
    except _DAMAGED as error:
        raise ImportFileError(
            _("This archive is damaged or of a kind that cannot be read. Export it again, as a zip archive.")
        ) from error
    if not found.files:
        raise ImportFileError(
            _("This archive holds another archive. Unpack the outer one and choose the inner one.")
            if found.nested
            else _("This archive holds no tables (CSV, JSON). Choose the archive of your export as it came.")
        )
    return found


def _check(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_FILES:
        raise ImportFileError(
            _(
                "This archive holds %(count)s files; at most %(most)s are read. Choose the archive of your export as it came."
            )
            % {
                "count": number_format(len(entries), force_grouping=True),
                "most": number_format(MOST_FILES, force_grouping=True),
            }
        )
    for entry in entries:
        if entry.flag_bits & _ENCRYPTED:
            raise ImportFileError(
                _("This archive is encrypted. Unpack it with its password and choose the files inside.")
            )
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or path.parts[:1] and path.parts[0].endswith(":"):
            raise ImportFileError(
                _(
                    "This archive names a file outside of itself (%(name)s), which no export does. Export it again."
                )
                % {"name": entry.filename[:60]}
            )
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > MOST_UNPACKED or unpacked > 1_000_000 and unpacked > _MOST_RATIO * max(packed, 1):
        raise ImportFileError(
            _("Unpacked, this archive is larger than %(most)s MB. Choose only the files with films of it.")
            % {"most": MOST_UNPACKED // 1_000_000}
        )
