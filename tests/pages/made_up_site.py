"""The pages over a made-up model in memory: real selectors, the NumPy engine, no Elasticsearch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from django.test import override_settings

from recommendations.ranking.audience import Audiences
from recommendations.ranking.genres import GENRES
from recommendations.selectors.lists import world
from recommendations.selectors.lists.champion import Champion
from recommendations.services.catalogue import MovieRecord, import_catalogue
from tests.ranking.factories import make_artefact, make_people

FILMS = 120


@pytest.fixture(scope="module")
def champion() -> Champion:
    """The model, its people and their audiences."""
    artefact = make_artefact(films=FILMS)
    counts = artefact.rating_count * 3
    # As in real data: few films are liked by many people, and those are the most rated ones.
    shares = (0.6 * (counts / counts.max()) ** 4).astype(np.float32)
    artefact = replace(artefact, rating_count=counts, like_share=shares)
    people = make_people(artefact)
    return Champion("test", "test", artefact, people, Audiences(people))


@pytest.fixture
def made_up_site(champion, db, monkeypatch):
    """The films of the model as the catalogue, and no Elasticsearch."""
    artefact = champion.artefact
    import_catalogue(
        movies=[
            MovieRecord(
                int(number),
                f"Film {number}",
                f"Film {number}",
                int(decade) + 3 if decade else None,
                tuple(np.array(GENRES)[genres > 0].tolist()),
                rating_count=int(count),
            )
            for number, decade, genres, count in zip(
                artefact.movie_ids, artefact.decades, artefact.genres, artefact.rating_count, strict=True
            )
        ]
    )
    monkeypatch.setattr(world, "require_champion", lambda: champion)
    with override_settings(ELASTICSEARCH_URL="http://127.0.0.1:9"):
        yield
