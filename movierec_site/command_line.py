"""The command ``movierec`` of an installed package, and ``manage.py`` of a checkout: they are the same."""

import os
import sys
from importlib import import_module
from io import TextIOWrapper

from django.core.management import execute_from_command_line

OWN_SETTINGS = "movierec_site.settings"


def main() -> None:
    """Run Django's command line on the demo's settings, or on those that ``DJANGO_SETTINGS_MODULE`` names.

    A shell in which somebody works on another Django project has that variable set as well. Then this ends with
    one sentence and exit code 2, instead of with a traceback or, worse, on the other project's database.
    """
    if isinstance(sys.stdout, TextIOWrapper):
        # A terminal that knows no accents shows question marks in their place.
        sys.stdout.reconfigure(errors="replace")
    name = os.environ.get("DJANGO_SETTINGS_MODULE") or f"{OWN_SETTINGS}.demo"
    os.environ["DJANGO_SETTINGS_MODULE"] = name
    if not _is_ours(name) and not any(part.startswith("--settings") for part in sys.argv):
        sys.stderr.write(
            f"DJANGO_SETTINGS_MODULE is {name!r}, which are not the settings of movierec; "
            "take it out of the environment (unset DJANGO_SETTINGS_MODULE) and run this again.\n"
        )
        sys.exit(2)
    execute_from_command_line(sys.argv)


def _is_ours(name: str) -> bool:
    """Settings of one's own for this site are those that end in its addresses."""
    if name.startswith(f"{OWN_SETTINGS}."):
        return True
    try:
        return getattr(import_module(name), "ROOT_URLCONF", None) == "movierec_site.urls"
    except ImportError:
        return False
