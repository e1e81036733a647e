"""Ratings, diaries and lists from other places: Letterboxd, IMDb, Trakt and many more, and this site's own export.

:func:`preview_import` reads a file and says what it would bring; :func:`apply_import` brings it in, and
:func:`undo_import` takes the whole of it back. Files that are too long to be waited for are read by the worker
(``waiting``).
"""

from recommendations.services.imports.bringing import (
    ImportOutcome,
    ImportStateError,
    UndoOutcome,
    UnknownImportError,
    undo_import,
)
from recommendations.services.imports.errors import ImportFileError, TooLongError, UnknownColumnsError
from recommendations.services.imports.importing import (
    MOST_BYTES,
    MOST_BYTES_OF_JOBS,
    Doubt,
    ImportPreview,
    apply_import,
    preview_import,
    ratings_of_file,
)

__all__ = [
    "MOST_BYTES",
    "MOST_BYTES_OF_JOBS",
    "Doubt",
    "ImportFileError",
    "ImportOutcome",
    "ImportPreview",
    "ImportStateError",
    "TooLongError",
    "UndoOutcome",
    "UnknownColumnsError",
    "UnknownImportError",
    "apply_import",
    "preview_import",
    "ratings_of_file",
    "undo_import",
]
