"""``manage.py datasets``: which data sets there are, and what a folder looks like to the program."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from recommendations.management.pipeline_output import clear_errors
from recommendations.services.datasets import KNOWN, FolderLook, TableLook, here, look_into

CANNOT_BE_USED = 2


class Command(BaseCommand):
    help = (
        "List the data sets that are known and those that are here. With a folder (or zip archive): what the program "
        "would read there, before anything runs. No more than the first megabyte of each file is read."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "place", nargs="?", metavar="DIR", help="a folder, archive, or name of a data set that is here"
        )
        parser.add_argument("--json", action="store_true", help="print JSON, for machines")

    def handle(self, *args: Any, **options: Any) -> None:
        with clear_errors():
            if options["place"] is None:
                self._list(as_json=options["json"])
                return
            place = Path(options["place"])
            if not place.exists():
                place = here().get(options["place"], place)
            look = look_into(place)
        if options["json"]:
            self.stdout.write(json.dumps(look.as_dict(), ensure_ascii=False))
        else:
            self._describe(look)
        if look.problem:
            raise CommandError(look.problem, returncode=CANNOT_BE_USED)

    def _list(self, *, as_json: bool) -> None:
        at_hand = here()
        names = dict.fromkeys([*KNOWN, *at_hand])
        if as_json:
            entries = [
                {
                    "name": name,
                    "known": name in KNOWN,
                    "place": str(at_hand[name]) if name in at_hand else None,
                }
                for name in names
            ]
            self.stdout.write(json.dumps(entries, ensure_ascii=False))
            return
        table = Table("Name", "Data set", "Ratings", "Films", "People", "Here")
        for name in names:
            known = KNOWN.get(name)
            counts = (
                [f"{count:,}" for count in (known.ratings, known.films, known.people)] if known else [""] * 3
            )
            place = (
                str(at_hand[name])
                if name in at_hand
                else ("–" if known and known.url else "put it here by hand")
            )
            table.add_row(name, known.title if known else "a folder of your own", *counts, place)
        self._console().print(table)
        self.stdout.write(
            "manage.py fetch --dataset NAME fetches one; manage.py datasets DIR looks into a folder."
        )

    def _describe(self, look: FolderLook) -> None:
        if not look.layout:
            return
        self.stdout.write(f"{look.place}: {look.name}, read as {look.layout}")
        if look.scale:
            self.stdout.write(f"Ratings: {look.scale}")
        for table in look.tables:
            self._describe_table(table)
        if look.extras:
            self.stdout.write(f"Also read: {', '.join(look.extras)}")
        if look.lacks:
            self.stdout.write(f"A version trained on this has no: {', '.join(look.lacks)}")
        if look.left_out:
            self.stdout.write(f"Files that are left out: {', '.join(look.left_out)}")

    def _describe_table(self, look: TableLook) -> None:
        size = f"{look.size / 1e6:,.1f} MB" if look.size >= 100_000 else f"{look.size:,} bytes"
        names = ", ".join(look.files[:3]) + (
            f" and {len(look.files) - 3} more" if len(look.files) > 3 else ""
        )
        table = Table(
            *(f"{name}\n({column})" for name, column in look.columns.items()),
            title=f"{look.kind}: {names} ({size})",
        )
        for row in look.first_rows:
            table.add_row(*(row.get(name, "")[:40] for name in look.columns))
        self._console().print(table)
        if look.left_out:
            self.stdout.write(f"Columns of {look.kind} that are left out: {', '.join(look.left_out)}")

    def _console(self) -> Console:
        # Titles and keys may hold brackets, which are no markup.
        return Console(file=self.stdout, markup=False, highlight=False)  # type: ignore[arg-type]
