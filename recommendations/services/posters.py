"""Posters from TMDB, for operators who have a key of theirs: fetched once by the site, kept, and never by browsers themselves."""

from __future__ import annotations

import http.client
import json
import os
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from django.conf import settings

from recommendations.models import Movie

TIMEOUT_SECONDS, MOST_BYTES = 4.0, 2_000_000
WIDTH = "w342"
# A film without a poster is asked about again after a week, a TMDB that does not answer after a minute.
NONE_SECONDS, TROUBLE_SECONDS = 7 * 86_400.0, 60.0
_KINDS = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}
_last_trouble: list[float] = []


def posters_are_used() -> bool:
    """Whether the operator has set a key."""
    return bool(settings.TMDB_API_KEY)


def poster_of(*, movie_id: int) -> Path | None:
    """The file of the film's poster, fetched from TMDB if it is not kept yet; ``None`` if there is none or TMDB is away.

    One query.
    """
    if not posters_are_used():
        return None
    number = Movie.objects.numbered(movie_id).values_list("tmdb_id", flat=True).first()
    if not number:
        return None
    folder = Path(settings.MOVIEREC_HOME) / "posters"
    kept = next(
        (
            folder / f"{number}{ending}"
            for ending in _KINDS.values()
            if (folder / f"{number}{ending}").is_file()
        ),
        None,
    )
    if kept is not None:
        return kept
    nothing = folder / f"{number}.none"
    if nothing.is_file() and time.time() - nothing.stat().st_mtime < NONE_SECONDS:
        return None
    if _last_trouble and time.monotonic() - _last_trouble[-1] < TROUBLE_SECONDS:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    try:
        return _fetch(number, folder)
    except (OSError, http.client.HTTPException, ValueError):
        # The drawn cover stands in; for a while TMDB is left alone.
        _last_trouble[:] = [time.monotonic()]
        return None


def _fetch(number: int, folder: Path) -> Path | None:
    try:
        body, _kind = _get(f"{settings.TMDB_API_URL}/movie/{number}")
        path = json.loads(body).get("poster_path")
    except urllib.error.HTTPError as error:
        if error.code != http.client.NOT_FOUND:
            raise
        path = None
    if not isinstance(path, str) or not path.startswith("/"):
        (folder / f"{number}.none").touch()
        return None
    image, kind = _get(f"{settings.TMDB_IMAGE_URL}/{WIDTH}{urllib.parse.quote(path)}")
    if kind not in _KINDS:
        raise ValueError(f"TMDB sent {kind} as a poster")
    target = folder / f"{number}{_KINDS[kind]}"
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
        file.write(image)
    os.replace(file.name, target)
    return target


def _get(address: str) -> tuple[bytes, str]:
    """The body and its content type; the key goes to the API alone, in a header if it is a token."""
    if not address.startswith(("https://", "http://")):
        raise ValueError(f"{address} is no address of the web")
    headers: dict[str, Any] = {"Accept": "application/json, image/*"}
    if address.startswith(settings.TMDB_API_URL):
        key = settings.TMDB_API_KEY
        if len(key) > 40:
            headers["Authorization"] = f"Bearer {key}"
        else:
            address = f"{address}?{urllib.parse.urlencode({'api_key': key})}"
    request = urllib.request.Request(address, headers=headers)  # noqa: S310  (checked above)
    with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310  # nosec B310
        body = answer.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise ValueError("TMDB sent more than a poster can be")
        return body, answer.headers.get_content_type()
