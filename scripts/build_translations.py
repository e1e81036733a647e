"""A build hook of hatchling (named in pyproject.toml): puts the compiled translations into the wheel."""

import shutil
import tempfile
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class TranslationsHook(BuildHookInterface):
    """git ignores ``*.mo``, so that a build must not depend on ``make messages`` having run before."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile each catalogue of ``locale/``; it becomes part of the package ``movierec_site``."""
        self._folder = Path(tempfile.mkdtemp(prefix="movierec-translations-"))
        for catalogue in Path(self.root, "locale").glob("*/LC_MESSAGES/django.po"):
            language = catalogue.parts[-3]
            compiled = self._folder / f"{language}.mo"
            with catalogue.open("rb") as source, compiled.open("wb") as target:
                write_mo(target, read_po(source, locale=language))
            build_data["force_include"][str(compiled)] = (
                f"movierec_site/locale/{language}/LC_MESSAGES/django.mo"
            )

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Take the compiled files away again."""
        shutil.rmtree(self._folder)
