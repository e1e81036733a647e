"""Hard filters as values, and what they let through."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recommendations.ranking.filters import LITTLE_SEEN, Bounds, Filters, InvalidFilterError
from recommendations.ranking.genres import GENRES
from tests.ranking.factories import make_artefact

ARTEFACT = make_artefact()


def test_terms_and_filters_are_two_ways_to_say_the_same():
    filters = Filters.from_terms(["1960", "Western", LITTLE_SEEN, "Comedy", "Western"])
    assert filters == Filters(("Comedy", "Western"), 1960, True)
    assert filters.terms == ("Comedy", "Western", "1960", LITTLE_SEEN)
    assert Filters.from_terms(filters.terms) == filters
    left = filters
    for term in filters.terms:
        left = left.without(term)
    assert left.is_empty
    assert Filters.from_terms([]) == Filters()


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        (["Wester"], "Wester"),
        (["1965"], "1965"),
        (["1780"], "1780"),
        (["1960", "1970"], "one decade"),
        (["-1960"], "-1960"),
        (["١٩٦٠"], "expected"),
        ([None], "None"),
        ([["Western"]], "expected"),
        ([1960.5], "1960.5"),
    ],
)
def test_what_is_no_filter_is_refused_and_named(terms, said):
    with pytest.raises(InvalidFilterError, match=said):
        Filters.from_terms(terms)


def test_every_film_that_is_let_through_fits_and_none_else():
    genre, decade = "Western", 1980
    filters = Filters((genre, "Comedy"), decade)
    assert Filters().bounds(ARTEFACT).is_open
    column = [GENRES.index(name) for name in (genre, "Comedy")]
    expected = (ARTEFACT.genres[:, column] > 0).all(axis=1) & (ARTEFACT.decades == decade)
    np.testing.assert_array_equal(filters.bounds(ARTEFACT).mask(ARTEFACT), expected)
    either = replace(filters, genres=(genre,)).bounds(ARTEFACT).mask(ARTEFACT)
    assert either.sum() > expected.sum(), "the filters add up"


def test_little_seen_is_none_of_the_most_rated_but_rated_often_enough():
    counts = np.random.default_rng(1).permutation(np.arange(1700)).astype(np.int32)
    wide = replace(make_artefact(films=1700), rating_count=counts)
    bounds = Filters(little_seen=True).bounds(wide)
    assert bounds == Bounds(least=15, most=1399)
    assert counts[bounds.mask(wide)].max() == 1399
    assert (counts > 1399).sum() == 300


@pytest.mark.parametrize(("discovery", "least"), [(-1, 0), (0, 0), (0.25, 4), (1, 15)])
def test_discovery_at_its_end_asks_for_fifteen_ratings(discovery, least):
    assert Filters().bounds(ARTEFACT, discovery=discovery).least == least


def test_people_and_a_language_are_filters_of_which_the_catalogue_knows_the_films():
    filters = Filters.from_terms(["with:Ana Ruiz", "in:French", "Western", "with:Jo Vale"])
    assert filters == Filters(("Western",), people=("Jo Vale", "Ana Ruiz"), language="French")
    assert filters.terms == ("Western", "with:Ana Ruiz", "with:Jo Vale", "in:French")
    assert Filters.from_terms(filters.terms) == filters
    assert filters.without("with:Jo Vale").without("in:French") == Filters(("Western",), people=("Ana Ruiz",))
    assert Filters(people=("Ana Ruiz",), language="French").bounds(ARTEFACT).is_open


@pytest.mark.parametrize(
    "terms", [["with:"], ["with: "], ["in:French", "in:Italian"], [f"with:{n}" for n in "abcd"]]
)
def test_nobody_and_two_languages_are_refused(terms):
    with pytest.raises(InvalidFilterError):
        Filters.from_terms(terms)
