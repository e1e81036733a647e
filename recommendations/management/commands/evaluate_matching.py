"""``manage.py evaluate_matching``: how many titles of other services are found in the catalogue, and how surely."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from recommendations.models import Movie
from recommendations.services.imports.labelled import Figures, made_by_rules, measure, read_by_hand
from recommendations.services.imports.matching import CatalogueFilm, Matcher

BY_HAND = Path(settings.BASE_DIR) / "tests" / "cases" / "titles-by-hand.csv"
RIGHT = 0.98


class Command(BaseCommand):
    """A line for each way in which titles differ."""

    help = (
        "Finds labelled titles in the catalogue: written by hand, and made by rules from the catalogue's own."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many, from where, and whether the figures have to be reached."""
        parser.add_argument(
            "--cases", type=int, default=800, help="So many are made by rules (default: 800)."
        )
        parser.add_argument("--seed", type=int, default=1, help="Of the choice of films (default: 1).")
        parser.add_argument(
            "--by-hand", type=Path, default=BY_HAND, help="The table of those written by hand."
        )
        parser.add_argument(
            "--check", action="store_true", help="Fail below 98 %% right or with one surely wrong."
        )
        parser.add_argument(
            "--show", action="store_true", help="Print the titles that are not found rightly."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the figures."""
        rows = Movie.objects.order_by("-rating_count", "movielens_id")
        films = [
            CatalogueFilm(*row) for row in rows.values_list("movielens_id", "title", "original_title", "year")
        ]
        if not films:
            raise CommandError("There is no catalogue yet; run: manage.py run_pipeline")
        labelled = made_by_rules(films, options["cases"], seed=options["seed"])
        if options["by_hand"].exists():
            labelled += read_by_hand(options["by_hand"], films)
        matcher, begun = Matcher(films), time.process_time()
        figures = measure(labelled, matcher)
        seconds = time.process_time() - begun
        total = Figures()
        for rule, found in figures.items():
            self.stdout.write(_line(rule, found))
            if options["show"]:
                for case in found.wrong or ():
                    self.stdout.write(f"    {case.title} ({case.year})")
            for name in ("cases", "right", "sure", "wrong_sure"):
                setattr(total, name, getattr(total, name) + getattr(found, name))
        self.stdout.write(_line("all", total) + f"; {seconds:.2f} s of CPU")
        if options["check"] and (total.right < RIGHT * total.cases or total.wrong_sure):
            raise CommandError(f"Expected at least {RIGHT:.0%} right and none surely wrong.")


def _line(rule: str, found: Figures) -> str:
    share = found.right / max(found.cases, 1)
    return f"{rule}: {share:.1%} of {found.cases} right, {found.sure} sure, of these wrong {found.wrong_sure}"
