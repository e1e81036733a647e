"""French is complete: everything that the sources mark is in the catalogue, translated and well set."""

import gettext
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import axes
import django
import django_celery_beat
import pytest
import rest_framework
from babel.messages.pofile import read_po
from django.utils import translation

from recommendations.pages.labels import GENRE_LABELS, OCCUPATION_LABELS, genre_label
from recommendations.ranking.demographics import OCCUPATIONS
from recommendations.ranking.genres import GENRES

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ("accounts", "movierec_site", "recommendations", "templates")
PLACEHOLDER = re.compile(r"%\((\w+)\)s|%%")


def catalogue(path: Path):
    with path.open("rb") as file:
        return read_po(file, locale="fr")


@pytest.fixture(scope="module")
def french():
    return catalogue(ROOT / "locale" / "fr" / "LC_MESSAGES" / "django.po")


@pytest.fixture(scope="module")
def marked(tmp_path_factory):
    """Every message of the sources, extracted by Django's own command from a copy."""
    copy = tmp_path_factory.mktemp("sources")
    for folder in SOURCES:
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__", "*.json"))
    (copy / "locale").mkdir()
    command = [sys.executable, "-m", "django", "makemessages", "-l", "fr", "-v0"]
    # No settings: Django would start the applications, of which only the marked texts are here.
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(command, cwd=copy, check=True, capture_output=True, env=environment)
    return catalogue(copy / "locale" / "fr" / "LC_MESSAGES" / "django.po")


def test_every_message_of_the_sources_is_translated(marked, french):
    missing = []
    for message in marked:
        if not message.id:
            continue
        own = french.get(message.id, message.context)
        strings = [] if own is None else [own.string] if isinstance(own.string, str) else list(own.string)
        if not strings or not all(strings) or own.fuzzy:
            missing.append(message.id)
    assert len(marked) > 100
    assert missing == []


def test_nothing_is_translated_that_the_sources_no_longer_say(marked, french):
    assert [
        message.id for message in french if message.id and marked.get(message.id, message.context) is None
    ] == []


def test_placeholders_survive_translation(french):
    for message in french:
        if not message.id:
            continue
        sources = [message.id] if isinstance(message.id, str) else message.id
        strings = [message.string] if isinstance(message.string, str) else message.string
        for source, string in zip(sources, strings, strict=True):
            assert sorted(PLACEHOLDER.findall(source)) == sorted(PLACEHOLDER.findall(string)), source


def test_french_typography(french):
    foreign = re.compile(r"\{.*?\}|The MovieLens Datasets: History and Context")  # JSON and an English title
    for message in french:
        for string in [message.string] if isinstance(message.string, str) else message.string:
            if not message.id:
                continue
            words = PLACEHOLDER.sub("x", foreign.sub("", string))
            assert not re.search(
                r"[\w\s)](?<![\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}])[;:?!»]", words
            ), words
            assert not re.search(r" %|« |«[^\N{NO-BREAK SPACE}]", words), words
            assert "'" not in words, words


def test_labels_cover_the_data_and_follow_the_language():
    assert set(GENRE_LABELS) == set(GENRES)
    assert set(OCCUPATION_LABELS) == set(OCCUPATIONS)
    with translation.override("fr"):
        assert genre_label("War") == "Guerre"
        assert genre_label("Cooking") == "Cooking"


#: Ours differ in wording, not in what is meant; they may stand on Django's own pages as well.
SAME_MEANING = {"Remove", "Search", "English", "French", "salt"}


def test_no_entry_of_ours_says_something_else_on_pages_of_django(french):
    """One without a context replaces Django's own: “Change” between two places of a list made every form an “Écart”."""
    differing = set()
    for package in (django, django_celery_beat, axes, rest_framework):
        for path in sorted(Path(package.__file__).parent.rglob("locale/fr/LC_MESSAGES/django.mo")):
            with path.open("rb") as file:
                theirs = gettext.GNUTranslations(file)
            for message in french:
                plain = isinstance(message.id, str) and message.id and not message.context
                if plain and theirs.gettext(message.id) not in (message.id, message.string):
                    differing.add(message.id)
    assert differing - SAME_MEANING == set()
