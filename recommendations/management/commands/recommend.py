"""``manage.py recommend``: ranked films for one person, for everybody, or for a file of people."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from recommendations.management.pipeline_output import clear_errors
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.dials import LIST_KINDS, NEXT
from recommendations.selectors.lists.champion import Champion
from recommendations.selectors.lists.engines import ENGINES, candidates, diversified, rank_person
from recommendations.selectors.lists.person import Person
from recommendations.selectors.lists.recommendations import Recommendation, describe_list
from recommendations.selectors.lists.world import look_at, require_champion
from recommendations.services.people_files import read_people

WRONG_INPUT = 2


class Command(BaseCommand):
    help = "Rank films for a MovieLens person, for all of them, for a newcomer, or for a file of people."
    requires_system_checks: list[str] = []  # which would load every page for a list on the terminal

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--user", help="a person of the data, as the data call them")
        parser.add_argument("--users", choices=["all"], help="everybody in the data")
        parser.add_argument("--age", type=int, help="a newcomer's age")
        parser.add_argument("--gender", help="a newcomer's gender: F or M")
        parser.add_argument("--occupation", help="a newcomer's occupation, as MovieLens spells it")
        parser.add_argument(
            "--people",
            type=Path,
            metavar="FILE",
            help='JSON lines: {"id": 1, "age": 24, "gender": "F", "occupation": "artist", '
            '"ratings": [{"movie_id": 50, "stars": 4}]}; ratings oldest first, every part optional, each id once; a film also '
            'as {"film": KEY} or {"title": "Fargo", "year": 1996}',
        )
        parser.add_argument(
            "--kind",
            choices=LIST_KINDS,
            default=NEXT,
            help="like: by predicted stars; next: what people like them watch next; bold: unlike each other "
            "(default: next)",
        )
        parser.add_argument("-k", type=int, default=10, help="how many films per person (default: 10)")
        parser.add_argument("--engine", choices=ENGINES, default="elasticsearch")
        parser.add_argument("--json", action="store_true", help="print one JSON object per person")

    def handle(self, *args: Any, **options: Any) -> None:
        with clear_errors():
            self._recommend(options)

    def _recommend(self, options: dict[str, Any]) -> None:
        champion = require_champion()
        films = len(champion.artefact.movie_ids)
        k = options["k"]
        if not 1 <= k <= films:
            raise CommandError(f"-k is {k}; expected 1 to {films}.", returncode=WRONG_INPUT)
        for key, person in self._people(champion, options):
            look = look_at(person, kind=options["kind"], champion=champion)
            engine = options["engine"]
            pool = rank_person(look, k=min(candidates(look, k), films), engine=engine)
            listed, _facts = describe_list(look, diversified(look, pool, k=k), k=k, engine=engine)
            if options["json"]:
                items = [_as_json(film) for film in listed.items]
                self.stdout.write(json.dumps({"id": key, "items": items}))
            else:
                self._print_table(key, listed.items)

    def _people(self, champion: Champion, options: dict[str, Any]) -> Iterator[tuple[Any, Person]]:
        demographics = [options["age"], options["gender"], options["occupation"]]
        ways = [
            options["user"] is not None,
            options["users"] is not None,
            options["people"] is not None,
            any(part is not None for part in demographics),
        ]
        if sum(ways) != 1:
            raise CommandError(
                "Say for whom: --user NUMBER, --users all, --people FILE, or --age/--gender/--occupation.",
                returncode=WRONG_INPUT,
            )
        if options["people"] is not None:
            with options["people"].open(encoding="utf-8") as file:
                yield from read_people(file, data=champion.artefact.data)
        elif options["users"] is not None:
            for number in champion.people.user_ids:
                yield _id_of(champion, int(number)), Person(movielens_user=int(number))
        elif options["user"] is not None:
            if not champion.people.keys.size and not options["user"].isdecimal():
                raise CommandError(
                    f"--user is {options['user']!r}; expected a number; for everybody: --users all.",
                    returncode=WRONG_INPUT,
                )
            number = champion.people.number_of(options["user"])
            if number is None and not options["user"].isdecimal():
                raise CommandError(
                    f"There is nobody whom the data call {options['user']!r}.", returncode=WRONG_INPUT
                )
            number = int(options["user"]) if number is None else number
            yield _id_of(champion, number), Person(movielens_user=number)
        else:
            champion.artefact.data.check(Demographics(*demographics))
            yield "newcomer", Person(demographics=Demographics(*demographics))

    def _print_table(self, key: Any, films: Sequence[Recommendation]) -> None:
        columns = ("", "Film", "Year", "Genres", "Score", "Predicted stars", "Match", "Reason")
        table = Table(*columns, title=f"For {escape(str(key))}")
        for film in films:
            stars, match = film.predicted_stars, film.match
            table.add_row(
                str(film.rank),
                escape(film.title),
                str(film.year or ""),
                ", ".join(film.genres),
                f"{film.score:.3f}",
                "–" if stars is None else f"{stars:.1f}",
                "–" if match is None else f"{match} %",
                escape(film.reason),
            )
        Console(file=self.stdout).print(table)  # type: ignore[arg-type]


def _as_json(film: Recommendation) -> dict[str, Any]:
    """Stars and match are null for a version that predicts none."""
    return {
        "movie_id": film.movie_id,
        "key": film.key,
        "title": film.title,
        "year": film.year,
        "genres": list(film.genres),
        "score": round(film.score, 6),
        "predicted_stars": film.predicted_stars,
        "match": film.match,
        "reason": film.reason,
    }


def _id_of(champion: Champion, number: int) -> Any:
    """What the data call a person of the data: the number, or a key of its own."""
    keyed = champion.people.keys.size and number in champion.people
    return champion.people.key_of(number) if keyed else number
