"""What goes wrong in a Spark application, in one sentence instead of a Java stack trace. Without PySpark: the site,
whose image has none, shows these sentences too."""

from __future__ import annotations

import re

# The last line of the Python traceback that an executor sends along: "module.NameOfError: what happened".
_CAUSE = re.compile(r"^(?:[A-Za-z_][\w.]*\.)?[A-Z]\w*(?:Error|Exception): (?P<sentence>\S.*)$")
# The first line of what Java refused in a call from Python says only which call; the next one says what happened.
_CALL = "An error occurred while calling "
_JAVA_CLASS = re.compile(r"^: (?:[A-Za-z_][\w.$]*\.)?(?P<name>[A-Z]\w*)(?:: (?P<sentence>\S.*))?$")
_LONGEST = 500


def in_one_sentence(error: BaseException) -> str:
    """The message of an error; for one that came from an executor or from Java, that of its cause there.

    Spark sends along the executor's Python traceback; no other error has one in its message.
    """
    if isinstance(error, OSError) and error.strerror:
        where = f": {error.filename}" if error.filename else ""
        return f"{error.strerror}{where}"
    text = str(error)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    start = next((place for place, line in enumerate(lines) if line.startswith("Traceback")), len(lines))
    causes = [found for line in lines[start:] if (found := _CAUSE.match(line))]
    if causes:
        return causes[-1]["sentence"][:_LONGEST]
    if len(lines) > 1 and lines[0].startswith(_CALL) and (found := _JAVA_CLASS.match(lines[1])):
        return (found["sentence"] or found["name"])[:_LONGEST]
    return (lines[0] if lines else type(error).__name__)[:_LONGEST]
