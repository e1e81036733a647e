"""What a rule would do before it is saved: the lists of three people, and which other rules it contradicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from recommendations.models import HouseRule
from recommendations.ranking.artefact import Artefact
from recommendations.ranking.house import CONTRADICTIONS, MOST_PINNED, PIN, Rule
from recommendations.selectors.catalogue import film_or_number, films_by_id
from recommendations.selectors.lists import world
from recommendations.selectors.lists.champion import Champion
from recommendations.selectors.lists.engines import rank_person
from recommendations.selectors.lists.house import arranged, how_many_to_rank, in_this_house, rules_of
from recommendations.selectors.lists.person import Person

LENGTH = 10


@dataclass(frozen=True)
class PreviewFilm:
    """A film of a previewed list; ``before`` is its place without the rule, or ``None`` if it was not in the list."""

    rank: int
    title: str
    year: int | None
    before: int | None
    by_house: bool


@dataclass(frozen=True)
class PreviewList:
    """The list of one person with the rule; ``gone`` are titles that were in it without."""

    whom: str
    films: tuple[PreviewFilm, ...]
    gone: tuple[str, ...]


@dataclass(frozen=True)
class RulePreview:
    """Three people's lists, how many films the rule is about, and what an operator should know of it, in sentences."""

    lists: tuple[PreviewList, ...]
    films: int
    warnings: tuple[str, ...]


def preview_rule(row: HouseRule) -> RulePreview:
    """Rank for a newcomer, somebody of the data with few ratings and somebody with many, without and with a rule that is not
    kept yet, as if it held today. Uses the NumPy engine.

    Raises
    ------
    recommendations.selectors.lists.person.RecommendationError
    """
    champion = world.require_champion()
    kept = rules_of(HouseRule.objects.filter(ended_at=None).exclude(pk=row.pk))
    rule = rules_of([row])[0]
    today = replace(rule, starts=None, ends=None)
    lists = tuple(_list(champion, whom, person, kept, today) for whom, person in three_people(champion))
    return RulePreview(
        lists, len(rule.rows(champion.artefact)), tuple(warnings(champion.artefact, rule, kept))
    )


def three_people(champion: Champion) -> list[tuple[str, Person]]:
    """A newcomer, and two people of the data: one with few ratings and one with many."""
    people = champion.people
    numbers = people.user_ids
    found = [(_("a newcomer"), Person())]
    if numbers.size:
        counts = np.array([people.person(int(number))[1].items.size for number in _some(numbers)])
        by_count = _some(numbers)[np.argsort(counts, kind="stable")]
        for number in (int(by_count[0]), int(by_count[-1])):
            rated = people.person(number)[1].items.size
            whom = _("person %(number)s of the data, %(ratings)s ratings")
            found.append((whom % {"number": number, "ratings": rated}, Person(movielens_user=number)))
    return found


def _some(numbers: NDArray[np.int32]) -> NDArray[np.int32]:
    """At most two hundred, spread over all of them."""
    return numbers[:: max(numbers.size // 200, 1)]


def _list(champion: Champion, whom: str, person: Person, kept: Sequence[Rule], rule: Rule) -> PreviewList:
    look = world.look_at(person, champion=champion)

    def ranked(rules: Sequence[Rule]) -> list[tuple[int, bool]]:
        mine = in_this_house(look, rules)
        pool = rank_person(mine, k=how_many_to_rank(mine, LENGTH), engine="numpy")
        return [(film.movie_id, film.by_house) for film in arranged(mine, pool, k=LENGTH)]

    before = {number: place for place, (number, _by) in enumerate(ranked(kept), start=1)}
    after = ranked([*kept, rule])
    gone = set(before) - {number for number, _by in after}
    facts = films_by_id(movie_ids={*before, *(number for number, _by in after)})

    def title(number: int) -> str:
        return film_or_number(facts.get(number), number).title

    films = tuple(
        PreviewFilm(
            place, title(number), facts[number].year if number in facts else None, before.get(number), by
        )
        for place, (number, by) in enumerate(after, start=1)
    )
    return PreviewList(whom, films, tuple(title(number) for number in before if number in gone))


def warnings(artefact: Artefact, rule: Rule, others: Sequence[Rule]) -> list[str]:
    """What is odd about a rule beside the others: contradictions, too many pins, no film, or a time that is over."""
    rows = set(rule.rows(artefact).tolist())
    said = []
    if not rows:
        said.append(_("No film of the present version fits this rule: it does nothing."))
    if rule.ends is not None and rule.ends < timezone.localdate():
        said.append(_("Its last day is over: it does nothing."))
    for other in others:
        if not rule.meets(other):
            continue
        both = rows & set(other.rows(artefact).tolist())
        if both and frozenset((rule.act, other.act)) in CONTRADICTIONS:
            details = {
                "name": other.name,
                "number": len(both),
                "act": _called(_stronger(rule.act, other.act)),
            }
            said.append(
                _("It contradicts the rule “%(name)s” about %(number)s films; for these, %(act)s wins.")
                % details
            )
    pins = [other for other in others if other.act == PIN]
    if rule.act == PIN and sum(rule.meets(other) for other in pins) >= MOST_PINNED:
        details = {"number": MOST_PINNED}
        said.append(_("A list begins with %(number)s pinned films at most; the oldest rules win.") % details)
    return said


# From the strongest on.
_ORDER = ("hide", "pin", "bury", "boost")


def _called(act: str) -> str:
    return {"hide": _("hiding"), "pin": _("pinning"), "bury": _("burying"), "boost": _("boosting")}[act]


def _stronger(one: str, other: str) -> str:
    return min(one, other, key=_ORDER.index)
