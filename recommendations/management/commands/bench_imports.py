"""``manage.py bench_imports``: what reading a file of somebody's ratings costs, whatever is in it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from recommendations.models import Movie
from recommendations.services.imports.decoding import decode
from recommendations.services.imports.finding import match_rows
from recommendations.services.imports.matching import CatalogueFilm, Matcher
from recommendations.services.imports.parsing import MOST_ROWS, parse_ratings

LONGEST = 190
HEADER = "Date,Name,Year,Letterboxd URI,Rating\n"


def files(titles: list[tuple[str, int]], lines: int) -> Iterator[tuple[str, str]]:
    """Names and texts of files with so many lines, the same every time; ``titles`` of films with their years."""
    chance = random.Random(1)

    def file(name: str, title: Callable[[int], str]) -> tuple[str, str]:
        years = [titles[place % len(titles)][1] for place in range(lines)]
        rows = (f'2020-01-01,"{title(place)}",{year},u,4\n' for place, year in enumerate(years))
        return name, HEADER + "".join(rows)

    def known(place: int) -> str:
        return titles[place % len(titles)][0].replace('"', "")

    def misspelt(place: int) -> str:
        title = known(place)
        cut = chance.randrange(len(title))
        return title[:cut] + chance.choice("aeiou") + title[cut + 1 :]

    words = sorted({word for title, _year in titles for word in title.split() if '"' not in word})
    yield file("titles of the catalogue", known)
    yield file("titles with a letter changed", misspelt)
    yield file("unknown titles of known words", lambda _place: " ".join(chance.choices(words, k=5)))
    yield file("unknown titles", lambda place: f"Nobody has {place} heard of it")
    yield file("rows of brackets", lambda _place: "(" * LONGEST)
    yield file("pairs of brackets", lambda _place: "(a)" * (LONGEST // 3))
    yield file("rows of spaces", lambda _place: "x" + " " * (LONGEST - 2) + "y")
    yield file("rows of colons", lambda _place: "a: " * (LONGEST // 3))
    yield file("rows of words", lambda _place: "one " * (LONGEST // 4))
    yield file("accents encoded twice", lambda _place: "Ã©" * (LONGEST // 4))
    yield file("accents apart from their letters", lambda _place: "e\u0301" * (LONGEST // 3))
    yield file("letters that become many", lambda _place: "\ufdfa" * 60)


class Command(BaseCommand):
    """A line of CPU seconds for each kind of file."""

    help = "Measures imports as long as they may be, with the films of the catalogue; nothing is written."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line for each file."""
        rows = Movie.objects.order_by("-rating_count", "movielens_id")
        films = [
            CatalogueFilm(*row) for row in rows.values_list("movielens_id", "title", "original_title", "year")
        ]
        titles = [(film.title, film.year) for film in films if film.year]
        if not titles:
            raise CommandError("There is no catalogue yet; run: manage.py run_pipeline")
        for name, text in files(titles, MOST_ROWS):
            content = text.encode()
            begun = time.process_time()
            found = match_rows(parse_ratings(decode(content).text), Matcher(films))
            seconds = time.process_time() - begun
            self.stdout.write(
                f"{seconds:5.2f} s of CPU for {MOST_ROWS:,} lines, {len(content) / 1e6:3.1f} MB: {name} "
                f"({len(found.sure)} films found, {len(found.missing)} lines not)"
            )
