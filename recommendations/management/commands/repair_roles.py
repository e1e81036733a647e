"""``manage.py repair_roles``: bring the admin's three roles back to what the program says."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from accounts.roles import repair_roles


class Command(BaseCommand):
    help = (
        "Create the groups viewer, operator and admin if they are missing, and give them their permissions."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        granted = repair_roles()
        if options["json"]:
            self.stdout.write(json.dumps(granted))
            return
        for role, count in granted.items():
            self.stdout.write(f"{role}: {count} permissions")
