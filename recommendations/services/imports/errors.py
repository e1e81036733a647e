"""Why a file cannot be imported."""

from __future__ import annotations


class ImportFileError(ValueError):
    """The file as a whole cannot be read; the message is one clear sentence with the way out."""
