"""``manage.py evaluate_search``: how often a description finds a film that somebody would mean by it."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from recommendations.models import Movie
from recommendations.search.sentences import sentence_model
from recommendations.selectors.described import MEANING, WORDS, films_described

BY_HAND = Path(settings.BASE_DIR) / "tests" / "cases" / "searches-by-hand.jsonl"
SHOWN = 10
WAYS = {"words": (WORDS,), "meaning": (MEANING,), "words and meaning": (WORDS, MEANING)}


@dataclass(frozen=True)
class Labelled:
    """A description, and the numbers of the catalogue's films that it fits."""

    search: str
    films: frozenset[int]


def read_labelled(path: Path) -> tuple[list[Labelled], int]:
    """The descriptions of a file of JSON Lines, ``search`` and ``films`` (titles as the data write them), and how many of them
    fit no film of this catalogue with an overview.

    Raises
    ------
    CommandError
        If the file is not there, or a line is none; the message names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.", returncode=2) from error
    numbers = dict(
        Movie.objects.each_once().exclude(overview="").values_list("original_title", "movielens_id")
    )
    labelled, left_out = [], 0
    for place, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
            search, titles = str(row["search"]), list(row["films"])
        except (ValueError, KeyError, TypeError) as error:
            raise CommandError(
                f"{path}, line {place}: expected an object with search and films.", returncode=2
            ) from error
        films = frozenset(numbers[title] for title in titles if title in numbers)
        left_out += not films
        if films:
            labelled.append(Labelled(search, films))
    return labelled, left_out


class Command(BaseCommand):
    """A line for each way of searching."""

    help = "Searches for labelled descriptions among the films of an enriched catalogue (manage.py enrich), by words, by meaning and by both."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the descriptions are, and whether the figures have to be reached."""
        parser.add_argument("--searches", type=Path, default=BY_HAND, help="JSON Lines of search and films.")
        parser.add_argument(
            "--check", action="store_true", help="Fail if both are not better than words alone."
        )
        parser.add_argument("--show", action="store_true", help="Print what is not found by both.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the figures."""
        labelled, left_out = read_labelled(options["searches"])
        if not labelled:
            raise CommandError(
                "No film of these searches has an overview here; run: manage.py enrich --from DIR"
            )
        if left_out:
            self.stdout.write(f"Left out, because no film of theirs has an overview here: {left_out}")
        if sentence_model() is None:
            self.stdout.write("The model of sentences is not installed (dependency group meaning).")
        success = {}
        for name, ways in WAYS.items():
            places = [self._place(one, ways) for one in labelled]
            found = sum(place is not None for place in places)
            success[name] = found / len(labelled)
            reciprocal = sum(1 / place for place in places if place is not None) / len(labelled)
            self.stdout.write(
                f"{name:18} success@{SHOWN} {success[name]:.3f} ({found} of {len(labelled)}), "
                f"mean reciprocal rank {reciprocal:.3f}"
            )
        if options["show"]:
            for one, place in zip(labelled, places, strict=True):
                if place is None:
                    self.stdout.write(f"    {one.search}")
        if options["check"] and success["words and meaning"] <= success["words"]:
            raise CommandError("Words and meaning together do not find more than words alone.")

    @staticmethod
    def _place(one: Labelled, ways: tuple[str, ...]) -> int | None:
        """The place of the first film that is meant, from 1; ``None`` if none is among the first ten."""
        found = films_described(text=one.search, limit=SHOWN, ways=ways)
        if found.degraded:
            raise CommandError("Elasticsearch is away; run: manage.py elasticsearch start")
        places = (place for place, item in enumerate(found.items, start=1) if item.film.movie_id in one.films)
        return next(places, None)
