"""Ratings from other places: Letterboxd, IMDb, MovieLens and this site's own export.

:func:`preview_import` reads a file and tells what it would bring; :func:`apply_import` brings it in.
"""

from recommendations.services.imports.errors import ImportFileError
from recommendations.services.imports.importing import (
    MOST_BYTES,
    Doubt,
    ImportOutcome,
    ImportPreview,
    apply_import,
    preview_import,
)

__all__ = [
    "MOST_BYTES",
    "Doubt",
    "ImportFileError",
    "ImportOutcome",
    "ImportPreview",
    "apply_import",
    "preview_import",
]
