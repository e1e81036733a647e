"""``manage.py enrich``: plots, people, languages and numbers of films from a folder of facts."""

from __future__ import annotations

import csv
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count, Max

from recommendations.management.pipeline_output import clear_errors
from recommendations.models import Enrichment
from recommendations.services.enrichment.enriching import (
    Doubt,
    enrich_catalogue,
    forget_enrichment,
    match_facts,
)
from recommendations.services.enrichment.reading import read_facts

DOUBTS_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Join facts of another place to the films of the catalogue: by a number at IMDb or TMDB, else by title and year. "
        "Only what the data do not know themselves is taken, and the film page names the source. Films that may be meant "
        "are listed and not touched. Without --from, list what the catalogue was enriched with."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--from",
            dest="place",
            type=Path,
            metavar="DIR",
            help="a folder, file or zip archive of films: JSON, JSON Lines, CSV or Parquet",
        )
        parser.add_argument(
            "--name", default="", help="what the source is called on the pages (default: the folder’s name)"
        )
        parser.add_argument(
            "--accept-likely",
            action="store_true",
            help="take films as well whose year differs by one or whose title differs a little, if nothing else is about them",
        )
        parser.add_argument(
            "--doubts", type=Path, metavar="FILE", help="write all that may be meant to a CSV file"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be found, change nothing")
        parser.add_argument("--undo", metavar="NAME", help="take everything away that is from this source")
        parser.add_argument("--json", action="store_true", help="print JSON, for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["undo"] and options["place"]:
            raise CommandError("--undo and --from cannot go together.", returncode=2)
        with clear_errors():
            if options["undo"]:
                count = forget_enrichment(source=options["undo"])
                self.stdout.write(f"{count:,} films have nothing from {options['undo']} any more.")
            elif options["place"] is None:
                self._list(as_json=options["json"])
            else:
                self._enrich(options)

    def _enrich(self, options: dict[str, Any]) -> None:
        folder = read_facts(options["place"])
        source = options["name"] or folder.name
        if not options["json"]:
            read = ", ".join(f"{name} ({column})" for name, column in folder.columns.items())
            self.stdout.write(f"{len(folder.rows):,} entries of {source}; columns: {read}")
            if folder.left_out:
                self.stdout.write(f"Columns that are left out: {', '.join(folder.left_out)}")
        found = match_facts(folder.rows, accept_likely=options["accept_likely"], progress=self._tell(options))
        enriched = (
            0 if options["dry_run"] else enrich_catalogue(folder=folder, found=found, source=options["name"])
        )
        if options["doubts"]:
            _write_doubts(options["doubts"], found.doubts)
        counts = {
            "source": source,
            "entries": len(folder.rows),
            "unreadable": folder.bad,
            "found": len(found.by_film),
            "doubts": len(found.doubts),
            "no_film_of_the_catalogue": found.missing,
            "enriched": enriched,
        }
        if options["json"]:
            self.stdout.write(json.dumps(counts, ensure_ascii=False))
            return
        for doubt in found.doubts[:DOUBTS_SHOWN]:
            films = "; ".join(f"{title} ({year}), film {number}" for number, title, year in doubt.films)
            self.stdout.write(f"  {doubt.why}: {doubt.row.title} ({doubt.row.year}) – {films}")
        if len(found.doubts) > DOUBTS_SHOWN:
            self.stdout.write(f"  … and {len(found.doubts) - DOUBTS_SHOWN:,} more; --doubts FILE writes all.")
        self.stdout.write(
            f"Found {counts['found']:,} films; {counts['doubts']:,} entries are in doubt, "
            f"{counts['no_film_of_the_catalogue']:,} are no film of the catalogue, {folder.bad:,} could not be read."
        )
        if options["dry_run"]:
            self.stdout.write("Nothing was changed (--dry-run).")
        else:
            self.stdout.write(f"{enriched:,} films have something from {source} now.")

    def _tell(self, options: dict[str, Any]) -> Any:
        def tell(done: int) -> None:
            if not options["json"] and done and not done % 10_000:
                self.stdout.write(f"{done:,} entries looked up …")
                self.stdout.flush()

        return tell

    def _list(self, *, as_json: bool) -> None:
        rows = (
            Enrichment.objects.values("dataset", "source")
            .annotate(films=Count("pk"), added=Max("added_at"))
            .order_by("dataset", "source")
        )
        if as_json:
            counts = [{**row, "added": row["added"].isoformat()} for row in rows]
            self.stdout.write(json.dumps(counts, ensure_ascii=False))
            return
        for row in rows:
            self.stdout.write(
                f"{row['dataset']}: {row['films']:,} films from {row['source']}, {row['added']:%Y-%m-%d}"
            )
        if not rows:
            self.stdout.write("No film has facts from elsewhere; manage.py enrich --from DIR adds some.")


def _write_doubts(path: Path, doubts: list[Doubt]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("why", "entry", "title", "year", "movie_id", "film", "film_year"))
        for doubt in doubts:
            row = doubt.row
            writer.writerows((doubt.why, row.place, row.title, row.year, *film) for film in doubt.films)
