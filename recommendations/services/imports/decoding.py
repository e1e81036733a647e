"""Bytes of a file to text, whatever program wrote them. Plain Python, without Django's database."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from recommendations.services.imports.errors import ImportFileError

_MARKS = (
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Beyond this many stray bytes the file is of another encoding as a whole.
_MOST_STRAYS = 2_000
_STRAYS = "movierec-strays"
# The letters of Windows-1252 that Latin-1 does not have, and their bytes; five bytes of it mean nothing.
_WINDOWS_BYTES = {
    ord(bytes([byte]).decode("cp1252")): byte
    for byte in range(0x80, 0xA0)
    if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
# How UTF-8 begins that was read as Windows-1252 and saved again: "Ã©" for "é", "â€™" for "’".
_TWICE_ENCODED = re.compile("[ÂÃÄÅ][\u0080-¿]|â€|â„")


@dataclass(frozen=True)
class Decoded:
    """The text; ``guessed`` is true if the encoding had to be guessed, so that accents may be wrong."""

    text: str
    guessed: bool = False


def decode(content: bytes) -> Decoded:
    """UTF-8 with or without a mark, UTF-16 with or without one; bytes that are neither are taken for Windows-1252.

    A stray byte does not spoil the rest of the file.

    Raises
    ------
    ImportFileError
        If the file is empty, an archive, or not text at all.
    """
    if content.startswith(b"PK\x03\x04"):
        raise ImportFileError(
            _("This is a zip archive. Unpack it and choose the file ratings.csv that is inside.")
        )
    found = _decode(content)
    text = found.text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip("\ufeff \t\n"):
        raise ImportFileError(_("This file is empty. Export your ratings again and choose the new file."))
    if "\x00" in text:
        raise ImportFileError(
            _("This is not a text file (it holds NUL bytes). Choose the CSV file of your export.")
        )
    return Decoded(text, found.guessed)


def _decode(content: bytes) -> Decoded:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            try:
                return Decoded(content.decode(encoding))
            except UnicodeDecodeError as error:
                raise ImportFileError(
                    _("This file begins like UTF-16 text but breaks off. Export it again.")
                ) from error
    unmarked = _unmarked_utf16(content)
    if unmarked is not None:
        return unmarked
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        return Decoded(content.decode("utf-8"))
    except UnicodeDecodeError:
        strays = content.decode("utf-8", "replace").count("\ufffd")
        text = content.decode("utf-8", _STRAYS) if strays <= _MOST_STRAYS else _windows(content)
        return Decoded(text, guessed=True)


def _windows(content: bytes) -> str:
    return content.decode("cp1252", "replace")


def _read_strays(error: UnicodeError) -> tuple[str, int]:
    """Read the bytes that are not UTF-8 as Windows-1252 and go on after them: the rest of the file is not spoilt."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return _windows(error.object[error.start : error.end]), error.end


codecs.register_error(_STRAYS, _read_strays)


def mend_twice_encoded(text: str) -> str:
    """``text``, or what it was before it was encoded twice: "AmÃ©lie" is "Amélie"."""
    if text.isascii() or not _TWICE_ENCODED.search(text):
        return text
    try:
        return text.translate(_WINDOWS_BYTES).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def _unmarked_utf16(content: bytes) -> Decoded | None:
    """Mostly Latin text in UTF-16 has a zero in every other byte."""
    head = content[:200]
    for encoding, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[0::2])):
        if len(content) % 2 == 0 and len(zeros) > 4 and zeros.count(0) > 0.8 * len(zeros):
            try:
                return Decoded(content.decode(encoding))
            except UnicodeDecodeError:
                return None
    return None
