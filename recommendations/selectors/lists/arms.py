"""Which version ranks for whom while an experiment runs. Without one, or if anything is wrong with it, the champion does."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, replace
from typing import Protocol

from recommendations.models import Experiment
from recommendations.ranking.dials import NEXT, Dials
from recommendations.ranking.filters import Filters
from recommendations.ranking.interleaving import arm_of, team_draft
from recommendations.ranking.storage import ArtefactError
from recommendations.selectors.lists import recommendations, world
from recommendations.selectors.lists.champion import Champion, challenger_named
from recommendations.selectors.lists.person import Person, RecommendationError
from recommendations.selectors.lists.programme import Programme, programme_for
from recommendations.selectors.lists.randomised import shuffled_for
from recommendations.selectors.lists.recommendations import RecommendationList
from recommendations.selectors.lists.world import Look

FAILED = "b failed"
# Further films of each side, so that what both have leaves enough of each.
SPARE = 2
logger = logging.getLogger(__name__)


class _Maker(Protocol):
    def __call__(self, look: Look, *, k: int) -> Programme: ...


@dataclass(frozen=True)
class Arm:
    """How to rank for somebody: ``look`` is the champion's, ``other`` the challenger's if it has a say."""

    look: Look
    other: Look | None = None
    experiment: int | None = None
    name: str = ""
    seed: str = ""

    def look_of(self, ranked: RecommendationList, place: int) -> Look:
        """The look that the film at this place (from 0) comes from, to explain it."""
        theirs = ranked.teams[place : place + 1] == "b" or ranked.arm == "b"
        return self.other if theirs and self.other is not None else self.look

    @property
    def interleaves(self) -> bool:
        """Whether both versions are in one list."""
        return self.name == "ab"

    def list(self, *, k: int) -> RecommendationList:
        """The list of this arm. If the challenger cannot rank, the champion does, and the list says so."""
        return self._made(k, _list_alone).ranked

    def programme(self, *, k: int) -> Programme:
        """The same with the rows below it, which are all of one version: of an interleaved list, the champion's."""
        return self._made(k, programme_for)

    def _made(self, k: int, make: _Maker) -> Programme:
        if self.other is None:
            return self._marked(make(self.look, k=k), self.name)
        films = SPARE * k if self.interleaves else k
        try:
            theirs = make(self.other, k=films)
        except (RecommendationError, ArtefactError) as error:
            logger.error("The challenger of experiment %s cannot rank: %s", self.experiment, error)
            return self._marked(make(self.look, k=k), FAILED)
        if not self.interleaves:
            return self._marked(theirs, self.name)
        ours = make(self.look, k=films)
        mixed = _interleaved(ours.ranked, theirs.ranked, k=k, seed=self.seed)
        return self._marked(_without_shown(ours, mixed, theirs), self.name)

    def _marked(self, made: Programme, name: str) -> Programme:
        if self.experiment is None:
            return made
        return replace(made, ranked=replace(made.ranked, experiment=self.experiment, arm=name))


def _list_alone(look: Look, *, k: int) -> Programme:
    return Programme(recommendations.recommendations_for(look, k=k))


def arm_for(
    person: Person,
    dials: Dials | None = None,
    *,
    key: str = "",
    kind: str = NEXT,
    filters: Filters | None = None,
    only: frozenset[int] | None = None,
    champion: Champion | None = None,
) -> Arm:
    """Look at the world, with this ``champion`` if one is given, for somebody whom ``key`` names for good; without a key nobody is in an experiment.

    Two queries at most, and as many as without experiments if none runs in this process' sight (a second old at most).

    Raises
    ------
    RecommendationError
    """
    champion = champion or world.require_champion()
    look = world.look_at(person, dials, kind=kind, champion=champion, filters=filters, only=only)
    experiment = running_experiment() if key else None
    if experiment is None or experiment.champion.version != champion.version:
        return Arm(shuffled_for(look, key=key))
    name = _name(experiment, key)
    if not name:
        return Arm(shuffled_for(look, key=key))
    if name == "a":
        return Arm(look, experiment=experiment.pk, name=name)
    challenger = _challenger(experiment)
    if challenger is None:
        return Arm(look, experiment=experiment.pk, name=FAILED)
    turned = dials if dials is not None and not dials.is_neutral else Dials.from_dict(experiment.dials)
    other = world.look_at(person, turned, kind=kind, champion=challenger, filters=filters, only=only)
    seed = f"{experiment.salt}/{key}/{time.time_ns()}"
    return Arm(look, other, experiment.pk, name, seed)


def _name(experiment: Experiment, key: str) -> str:
    arm = arm_of(salt=experiment.salt, key=key, share=experiment.share)
    return "ab" if arm and experiment.kind == Experiment.Kind.INTERLEAVING else arm


def _challenger(experiment: Experiment) -> Champion | None:
    try:
        return challenger_named(experiment.challenger)
    except ArtefactError as error:
        logger.error("The challenger of experiment %s cannot be loaded: %s", experiment.pk, error)
        return None


_SECONDS = 1.0
_seen: tuple[float, Experiment | None] = (float("-inf"), None)


def running_experiment() -> Experiment | None:
    """The experiment that runs, as it was a second ago at most."""
    global _seen  # noqa: PLW0603  # one small value per process
    now = time.monotonic()
    if now - _seen[0] > _SECONDS:
        rows = Experiment.objects.filter(state=Experiment.State.RUNNING)
        _seen = (now, rows.select_related("champion", "challenger").first())
    return _seen[1]


def forget_experiment() -> None:
    """Look again at the next question, for whoever has just started or ended one."""
    global _seen  # noqa: PLW0603
    _seen = (float("-inf"), None)


def _interleaved(
    ours: RecommendationList, theirs: RecommendationList, *, k: int, seed: str
) -> RecommendationList:
    sides = ([item.movie_id for item in ours.items], [item.movie_id for item in theirs.items])
    films, teams = team_draft(*sides, k=k, seed=seed)
    by_side = [{item.movie_id: item for item in side.items} for side in (ours, theirs)]
    items = tuple(
        replace(by_side["ab".index(team)][film], rank=place)
        for place, (film, team) in enumerate(zip(films, teams, strict=True), start=1)
    )
    return replace(ours, items=items, teams=teams, degraded=ours.degraded or theirs.degraded)


def _without_shown(made: Programme, ranked: RecommendationList, other: Programme) -> Programme:
    shown = {item.movie_id for item in ranked.items}
    rows = (
        replace(row, films=tuple(film for film in row.films if film.movie_id not in shown))
        for row in made.rows
    )
    kept = tuple(row for row in rows if row.films)
    return replace(made, ranked=ranked, rows=kept, expected={**other.expected, **made.expected})
