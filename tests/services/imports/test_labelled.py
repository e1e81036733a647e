"""Titles as other services write them: nearly all are found, and none of the sure ones is wrong."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from recommendations.models import Movie
from recommendations.services.imports.labelled import made_by_rules, measure, read_by_hand
from recommendations.services.imports.matching import CatalogueFilm, Matcher

BY_HAND = Path(__file__).parents[2] / "cases" / "titles-by-hand.csv"


def catalogue() -> list[CatalogueFilm]:
    """The films that the table names; those of the same name and another year that it says are not there stay out."""
    with BY_HAND.open(encoding="utf-8", newline="") as file:
        named = {(row["film"], int(row["film_year"])) for row in csv.DictReader(file) if row["film"]}
    return [
        CatalogueFilm(number, title, f"{title} ({year})", year)
        for number, (title, year) in enumerate(sorted(named), 1)
    ]


def test_by_hand():
    films = catalogue()
    labelled = read_by_hand(BY_HAND, films)
    assert len(labelled) >= 200
    assert sum(case.film is None for case in labelled) >= 30
    (found,) = measure(labelled, Matcher(films)).values()
    assert found.right >= 0.98 * found.cases, found.wrong
    assert found.wrong_sure == 0
    assert found.sure > 0.6 * found.cases


def test_by_rules():
    films = catalogue()
    labelled = made_by_rules(films, 600)
    assert labelled == made_by_rules(films, 600)
    figures = measure(labelled, Matcher(films))
    assert len(figures) >= 12
    assert sum(found.wrong_sure for found in figures.values()) == 0
    assert sum(found.right for found in figures.values()) >= 0.97 * len(labelled)


def test_a_matcher_that_takes_any_film_of_the_name_is_found_out(monkeypatch):
    films = [CatalogueFilm(1, "Heat", "Heat (1995)", 1995), CatalogueFilm(2, "Alien", "Alien (1979)", 1979)]
    labelled = [case for case in made_by_rules(films, 200) if case.film is None]
    assert labelled
    monkeypatch.setattr(
        Matcher, "_find", lambda self, index, keys, year: [f for k in keys for f in index.get(k, [])]
    )
    (found,) = measure(labelled, Matcher(films)).values()
    assert found.right < found.cases


@pytest.mark.django_db
def test_the_command_prints_the_figures_and_holds_them(tmp_path):
    with pytest.raises(CommandError, match="There is no catalogue yet"):
        call_command("evaluate_matching")
    Movie.objects.create(movielens_id=1, title="Heat", original_title="Heat (1995)", year=1995)
    written = StringIO()
    call_command("evaluate_matching", check=True, by_hand=tmp_path / "none.csv", stdout=written)
    assert "all: 100.0% of" in written.getvalue()
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("title,year,film,film_year\nHeat,1995,,\n")
    with pytest.raises(CommandError, match="none surely wrong"):
        call_command("evaluate_matching", check=True, by_hand=wrong, show=True, stdout=written)
    assert "    Heat (1995)" in written.getvalue()
