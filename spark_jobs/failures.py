"""What can go wrong in a Spark application, told in one sentence instead of a Java stack trace."""

from __future__ import annotations

import re

from py4j.protocol import Py4JError  # type: ignore[import-untyped]
from pyspark.errors import PySparkException

from recommendations.ranking.storage import ArtefactError
from recommendations.search.connection import SearchError
from spark_jobs.data_files import DataError

EXPECTED = (DataError, SearchError, ArtefactError, ValueError, OSError, PySparkException, Py4JError)
# The last line of the Python traceback that an executor sends along: "module.NameOfError: what happened".
_CAUSE = re.compile(r"^(?:[A-Za-z_][\w.]*\.)?[A-Z]\w*(?:Error|Exception): (?P<sentence>\S.*)$")
_LONGEST = 500


def in_one_sentence(error: BaseException) -> str:
    """The message of an error; for one that came from an executor, that of its cause there."""
    if isinstance(error, OSError) and error.strerror:
        where = f": {error.filename}" if error.filename else ""
        return f"{error.strerror}{where}"
    text = str(error)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if isinstance(error, PySparkException | Py4JError):
        start = next((place for place, line in enumerate(lines) if line.startswith("Traceback")), None)
        causes = (
            [found for line in lines[start:] if (found := _CAUSE.match(line))] if start is not None else []
        )
        if causes:
            return causes[-1]["sentence"][:_LONGEST]
    return (lines[0] if lines else type(error).__name__)[:_LONGEST]
