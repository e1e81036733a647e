"""Why a file cannot be imported."""

from __future__ import annotations

from recommendations.errors import InvalidError


class ImportFileError(InvalidError):
    """The file as a whole cannot be read; the message is one clear sentence with the way out."""

    field = "content"


class ImportTokenError(ImportFileError):
    """The preview that is to be brought in does not fit."""

    field = "token"


class TooLongError(ImportFileError):
    """The file is too long to be read while somebody waits; a job can read it."""


class UnknownColumnsError(ImportFileError):
    """No format that is known has these columns; somebody can say what they mean."""
