"""The ratings of people with an account, which lie beside the files of a data set while it is trained on.

``_site/ratings.jsonl`` has ``person`` (the account's number), ``film`` (its number in the catalogue), ``stars`` and
``rated_at``; ``_site/people.jsonl`` has ``person``, ``age``, ``gender`` and ``occupation``. Readers never look into the
folder, because its name begins with an underscore.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = "_site"
SITE_RATINGS, SITE_PEOPLE = "ratings.jsonl", "people.jsonl"


def site_files(place: Path) -> tuple[Path, ...]:
    """Both files, if they are there."""
    folder = place / FOLDER
    return tuple(path for path in (folder / SITE_PEOPLE, folder / SITE_RATINGS) if path.is_file())
