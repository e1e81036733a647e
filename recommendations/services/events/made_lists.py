"""Writes down each list that somebody gets, small and for thirty days, so that events can name it."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

from django.db import DatabaseError
from django.utils import timezone

from recommendations.models import MadeList, RandomisedList
from recommendations.observability.metrics import lists_made
from recommendations.selectors.lists.randomised import Drawn
from recommendations.selectors.lists.recommendations import RecommendationList
from recommendations.services.events.owners import NOBODY, Owner

KEPT_FOR = timedelta(days=30)
MAIN_ROW = "list"
logger = logging.getLogger(__name__)


def record_list(
    ranked: RecommendationList,
    *,
    owner: Owner = NOBODY,
    rows: Mapping[str, Sequence[int]] | None = None,
    seconds: float = 0.0,
) -> UUID | None:
    """The id of a list from now on; ``rows`` are those below it, by name, with the numbers of their films.

    One statement, or two for a list whose order was drawn. If the database does not take it, the list goes without an id: it is worth more than its record.
    """
    places = {
        MAIN_ROW: [item.movie_id for item in ranked.items],
        **{name: list(row) for name, row in (rows or {}).items()},
    }
    made = MadeList(
        id=uuid.uuid4(),
        made_at=timezone.now(),
        version=ranked.model_version[:40],
        experiment=ranked.experiment,
        arm=ranked.arm,
        degraded=ranked.degraded,
        milliseconds=round(1000 * seconds),
        places=places,
        scores=[round(item.score, 3) for item in ranked.items],
        teams=ranked.teams,
        user_id=owner.user_id,
        person_id=owner.person_id,
        visitor=owner.visitor,
    )
    try:
        made.save(force_insert=True)
        if ranked.drawn is not None:
            _how_drawn(made, ranked.drawn).save(force_insert=True)
    except DatabaseError as error:
        logger.warning("A list was not written down, so nothing will be known about it: %s", error)
        return None
    lists_made.labels(ranked.arm).inc()
    return made.pk


def _how_drawn(made: MadeList, drawn: Drawn) -> RandomisedList:
    person = drawn.person
    return RandomisedList(
        made=made,
        share=drawn.share,
        probability=drawn.probability,
        ranked=list(drawn.ranked),
        fixed=list(drawn.fixed),
        ratings=[[said.movie_id, said.stars, said.mark] for said in person.ratings],
        demographics=asdict(person.demographics),
    )


def forget_old_lists() -> int:
    """Delete the lists that are older than thirty days; their events stay. Returns how many there were."""
    return MadeList.objects.filter(made_at__lt=timezone.now() - KEPT_FOR).delete()[0]
