"""Bytes of a file to text, whatever program wrote them. Plain Python, without Django's database."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from django.utils.translation import gettext as _

from recommendations.services.imports.errors import ImportFileError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class Decoded:
    """The text; ``guessed`` is true if the encoding had to be guessed, so that accents may be wrong."""

    text: str
    guessed: bool = False


def decode(content: bytes) -> Decoded:
    """UTF-8 with or without a mark, UTF-16 with or without one; anything else is taken for Latin-1.

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
                    _("This file begins like UTF-8 or UTF-16 text but breaks off. Export it again.")
                ) from error
    unmarked = _unmarked_utf16(content)
    if unmarked is not None:
        return unmarked
    try:
        return Decoded(content.decode("utf-8"))
    except UnicodeDecodeError:
        # Latin-1 reads anything; titles with wrong accents still match, because accents do not count.
        return Decoded(content.decode("latin-1"), guessed=True)


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
