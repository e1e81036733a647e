"""Where a home keeps what Spark made: the tables of each data set, and the model versions."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from recommendations.models import ModelVersion


def work_folder(digest: str) -> Path:
    """Where Spark keeps the parsed tables and profiles of the data with this digest.

    A run on other data never touches them: the champion's indices can be rebuilt even after it was killed.
    """
    return Path(settings.MOVIEREC_HOME) / "work" / digest[:16]


def evaluation_folder() -> Path:
    """Where an evaluation keeps its tables while it runs; executors read them, as those of :func:`work_folder`."""
    return Path(settings.MOVIEREC_HOME) / "work" / "evaluation"


def models_folder() -> Path:
    """Where the model versions of this home lie."""
    return Path(settings.MOVIEREC_HOME) / "models"


def model_folder(version: ModelVersion) -> Path:
    """The version's write-once folder."""
    return models_folder() / version.version
