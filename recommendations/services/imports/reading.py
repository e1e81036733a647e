"""A file, or an archive of files, to its rows. Plain Python."""

from __future__ import annotations

from django.utils.translation import gettext as _

from recommendations.services.imports.archives import is_archive, open_archive
from recommendations.services.imports.decoding import decode
from recommendations.services.imports.errors import ImportFileError, TooLongError
from recommendations.services.imports.formats import Format
from recommendations.services.imports.parsing import MOST_ROWS, parse_ratings
from recommendations.services.imports.rows import ParsedFile

# Each file of an archive has numbers of its own for so many tables.
_TABLES_OF_A_FILE = 100


def read_files(
    content: bytes, *, name: str = "", chosen: Format | None = None, most_rows: int = MOST_ROWS
) -> ParsedFile:
    """The rows of a file, or of all files of an archive that hold films.

    Raises
    ------
    ImportFileError
        If nothing in it can be read; ``UnknownColumnsError`` where somebody can say what the columns mean.
    """
    if not is_archive(content):
        decoded = decode(content)
        parsed = parse_ratings(decoded.text, name=name, chosen=chosen, most_rows=most_rows)
        parsed.guessed = decoded.guessed
        return parsed
    archive = open_archive(content)
    found: ParsedFile | None = None
    unread, first_error, left = list(archive.nested), None, most_rows
    for place, (path, packed) in enumerate(archive.files):
        try:
            decoded = decode(packed)
            each = parse_ratings(decoded.text, name=path, most_rows=left, table=place * _TABLES_OF_A_FILE)
        except TooLongError:
            raise
        except ImportFileError as error:
            first_error = first_error or error
            unread.append(path[:100])
            continue
        each.guessed = decoded.guessed
        left -= sum(1 for _row in each.rows)
        if found is None:
            found = each
        else:
            found.add(each)
    if found is None:
        raise ImportFileError(
            _("No file of this archive holds films that can be read. %(first)s")
            % {"first": first_error or ""}
        )
    found.unread = unread
    return found
