#!/usr/bin/env python3
"""Rows for a media server that knows its films by IMDb numbers: "for you" and "because you watched", of films that it owns.

    MOVIEREC=http://127.0.0.1:5000 TOKEN=mrec_… python docs/examples/media_server.py library.json > rows.json

``library.json`` is what the server exports: {"owned": ["tt0111161", …], "people": {"anna": [{"imdb": "tt0068646", "stars": 4.5},
…, oldest first]}}; a film that was watched and got no stars has none. The rows name films by IMDb numbers again, each with its reason.
The token needs the scopes people:read and people:write. What is asked about an owned film is kept in ``movierec-films.json``
beside the library, so that the next run asks for new films only.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote, urlencode, urlsplit
from urllib.request import ProxyHandler, Request, build_opener

FOR_YOU, BECAUSE, ROWS_BECAUSE, LIKED, WATCHED = 20, 10, 2, 4, 3
LINES = "application/x-ndjson"
# An answer takes so many films of "similar" at most.
MOST_SIMILAR = 50


class Movierec:
    """The few operations that rows need."""

    def __init__(self, site: str, token: str) -> None:
        self.address, self.token = f"{site.rstrip('/')}/api/v1/", token
        # A proxy of the environment leads to other machines; on this one it does not know the site.
        own = urlsplit(site).hostname in ("127.0.0.1", "localhost", "::1")
        self._opener = build_opener(*([ProxyHandler({})] if own else []))

    def call(self, method: str, path: str, body: bytes | None = None, kind: str = "application/json") -> Any:
        """The answer's JSON; a refusal ends the program with its own sentence."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": kind}
        try:
            with self._opener.open(
                Request(self.address + path, body, headers, method=method), timeout=60
            ) as answer:
                return json.loads(answer.read() or b"null")
        except HTTPError as error:
            raise SystemExit(f"{method} {path}: {error.code} {json.loads(error.read())['detail']}") from error

    def number_of(self, imdb: str) -> int | None:
        """The film's number on the site, or nothing if the site does not have it."""
        found = self.call("GET", f"films/?{urlencode({'q': imdb, 'limit': 1})}")["items"]
        return found[0]["movie_id"] if found else None

    def bring(self, person: str, ratings: Iterable[tuple[int, float]]) -> None:
        """Make the person and send what they watched; the same again changes nothing."""
        self.call("PUT", f"people/{quote(person, safe='')}/", b"{}")
        rows = [{"person": person, "movie_id": number, "stars": stars} for number, stars in ratings]
        if rows:
            self.call("POST", "bulk/ratings/", "\n".join(map(json.dumps, rows)).encode(), LINES)

    def list_for(self, person: str, owned: list[int]) -> list[dict[str, Any]]:
        """The best of the owned films that they have not seen."""
        body = json.dumps({"k": FOR_YOU, "include": owned}).encode()
        found = self.call("POST", f"people/{quote(person, safe='')}/recommendations/", body)
        return list(found["items"])

    def similar(self, number: int) -> list[dict[str, Any]]:
        """Films that are liked by the same people."""
        return list(self.call("GET", f"films/{number}/similar/?k={MOST_SIMILAR}")["items"])


def rows_for(
    site: Movierec, person: str, watched: list[dict[str, Any]], known: dict[str, int | None], owned: list[str]
) -> list[dict[str, Any]]:
    """The rows of one person; ``known`` has the numbers of films by IMDb number, ``owned`` those that may be shown.

    What they watched counts even if the server does not own it any more.
    """
    names = {number: imdb for imdb in owned if (number := known[imdb]) is not None}
    seen = [(film["imdb"], number, film) for film in watched if (number := known[film["imdb"]]) is not None]
    site.bring(person, [(number, film.get("stars") or WATCHED) for _imdb, number, film in seen])
    best = site.list_for(person, sorted(names)) if names else []
    rows = [{"row": "for you", "films": [_shown(film, names) for film in best]}]
    shown = {film["movie_id"] for film in best} | {number for _imdb, number, _film in seen}
    liked = [
        (imdb, number) for imdb, number, film in reversed(seen) if (film.get("stars") or WATCHED) >= LIKED
    ]
    for imdb, number in liked:
        films = [
            film
            for film in site.similar(number)
            if film["movie_id"] in names and film["movie_id"] not in shown
        ]
        if films and len(rows) <= ROWS_BECAUSE:
            films = films[:BECAUSE]
            shown |= {film["movie_id"] for film in films}
            rows.append(
                {"row": "because you watched", "of": imdb, "films": [_shown(film, names) for film in films]}
            )
    return rows


def _shown(film: dict[str, Any], names: dict[int, str]) -> dict[str, Any]:
    return {"imdb": names[film["movie_id"]], "title": film["title"], "reason": film["reason"]}


def main() -> None:
    """Read the library, ask for what is not known yet, and print the rows of everybody."""
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    library = Path(sys.argv[1])
    export = json.loads(library.read_text(encoding="utf-8"))
    site = Movierec(os.environ["MOVIEREC"], os.environ["TOKEN"])
    kept = library.with_name("movierec-films.json")
    known = json.loads(kept.read_text()) if kept.exists() else {}
    watched = {film["imdb"] for films in export["people"].values() for film in films}
    for imdb in sorted({*export["owned"], *watched} - set(known)):
        known[imdb] = site.number_of(imdb)
    kept.write_text(json.dumps(known))
    people = export["people"].items()
    rows = {person: rows_for(site, person, films, known, export["owned"]) for person, films in people}
    json.dump(rows, sys.stdout, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    main()
