"""The card of a model version: what its data were, whom it serves how well, and what has changed since the one before."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from recommendations.models import ModelVersion
from recommendations.ranking.dataset import DataSet
from recommendations.services.datasets import KNOWN
from recommendations.services.folders import work_folder
from spark_jobs.data_files import FILMS_FILE, read_data_set

# So many films are named as examples of those that are new or gone.
MOST_NAMED = 10
_NO_FIGURES: dict[str, Any] = {"rating_count": 0, "mean_stars": None, "histogram": []}


@dataclass
class DataCounts:
    """What the tables of a version hold. ``stars`` is the share of each number of stars among the ratings, by stars."""

    films: int = 0
    rated_films: int = 0
    ratings: int = 0
    people: int = 0
    mean_stars: float | None = None
    stars: dict[str, float] = field(default_factory=dict)
    with_overview: int = 0
    with_people: int = 0
    with_numbers: int = 0


def make_card(*, version: ModelVersion, served: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The card, JSON-able; without what cannot be told because the tables are gone.

    ``served`` are nDCG and number of people by group, of the evaluation that belongs to the training.
    """
    place = work_folder(version.data_digest)
    films = _films(place)
    data = read_data_set(place / "parsed") if films else DataSet()
    card: dict[str, Any] = {"served": dict(served or {})}
    if not films:
        return card
    counts = _count(films, int(version.metrics.get("people") or 0))
    known = KNOWN.get(data.name)
    card["data"] = {
        "name": data.name,
        "title": known.title if known else data.name,
        "terms": known.terms if known else "",
        "layout": data.layout,
        "scale": data.scale,
        "genres": len([genre for genre in data.genres if genre != "unknown"]),
        "lacks": list(data.lacks),
        **asdict(counts),
    }
    before = version.parent
    older = _films(work_folder(before.data_digest)) if before else {}
    if before is not None and older:
        same = read_data_set(work_folder(before.data_digest) / "parsed").name == data.name
        card["drift"] = _drift(before, older, films, counts, same=same)
    return card


def _films(place: Path) -> dict[str, dict[str, Any]]:
    """The films of tables by their key, empty if the tables are gone."""
    path = place / "profiles" / FILMS_FILE
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8") as file:
        films = [{**_NO_FIGURES, **json.loads(line)} for line in file]
    return {str(film.get("key") or film["movie_id"]): film for film in films}


def _count(films: Mapping[str, Mapping[str, Any]], people: int) -> DataCounts:
    ratings = sum(film["rating_count"] for film in films.values())
    total = sum((film["mean_stars"] or 0) * film["rating_count"] for film in films.values())
    widest = max((len(film["histogram"]) for film in films.values()), default=0)
    step = 5 / widest if widest else 1
    sums = [
        sum(film["histogram"][place] for film in films.values() if film["histogram"])
        for place in range(widest)
    ]
    return DataCounts(
        films=len(films),
        rated_films=sum(film["rating_count"] > 0 for film in films.values()),
        ratings=ratings,
        people=people,
        mean_stars=round(total / ratings, 4) if ratings else None,
        stars={
            f"{step * (place + 1):g}": round(count / max(ratings, 1), 4) for place, count in enumerate(sums)
        },
        with_overview=sum(bool(film.get("overview")) for film in films.values()),
        with_people=sum(bool(film.get("cast") or film.get("directors")) for film in films.values()),
        with_numbers=sum(bool(film.get("imdb_id") or film.get("tmdb_id")) for film in films.values()),
    )


def _drift(
    before: ModelVersion,
    older: Mapping[str, Mapping[str, Any]],
    films: Mapping[str, Mapping[str, Any]],
    counts: DataCounts,
    *,
    same: bool,
) -> dict[str, Any]:
    """How the data differ from those of the version before; the films of two data sets are not compared by their keys."""
    was = _count(older, int(before.metrics.get("people") or 0))
    means = (counts.mean_stars, was.mean_stars)
    found: dict[str, Any] = {
        "version": before.version,
        "same_data_set": same,
        "films": counts.films - was.films,
        "ratings": counts.ratings - was.ratings,
        "people": counts.people - was.people,
        "mean_stars": None if None in means else round((means[0] or 0) - (means[1] or 0), 4),
        "stars": {
            stars: round(counts.stars.get(stars, 0.0) - was.stars.get(stars, 0.0), 4)
            for stars in sorted({*counts.stars, *was.stars}, key=float)
        },
    }
    if same:
        new = [film for key, film in films.items() if key not in older]
        gone = [film for key, film in older.items() if key not in films]
        found |= {
            "new_films": len(new),
            "new_titles": _titles(new),
            "gone_films": len(gone),
            "gone_titles": _titles(gone),
            # Of the ratings, those of films that the version before did not know.
            "share_of_unknown": round(sum(film["rating_count"] for film in new) / max(counts.ratings, 1), 4),
        }
    return found


def _titles(films: list[Mapping[str, Any]]) -> list[str]:
    """The best known of them."""
    best = sorted(films, key=lambda film: -film["rating_count"])[:MOST_NAMED]
    return [f"{film['title']} ({film['year']})" if film["year"] else film["title"] for film in best]
