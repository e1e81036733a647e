"""The whole sum behind one film's score, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recommendations.ranking.artefact import Artefact
from recommendations.ranking.dials import Dials
from recommendations.ranking.explain import Part, explain
from recommendations.ranking.genres import GENRES
from recommendations.ranking.score import make_plan, score_films
from recommendations.selectors.catalogue import FilmFacts, films_by_id
from recommendations.selectors.lists.known import Known, know_person, require_champion
from recommendations.selectors.lists.person import Person, UnknownFilmError
from recommendations.selectors.lists.recommendations import profile_share


@dataclass(frozen=True)
class ExplainedPart:
    """One summand of a score. ``kind`` as in :class:`recommendations.ranking.explain.Part`.

    ``label`` is in the active language; ``movie_id`` and ``stars`` are those of a rated film, else ``None``.
    """

    kind: str
    label: str
    value: float
    movie_id: int | None = None
    stars: int | None = None


@dataclass(frozen=True)
class FilmExplanation:
    """A film's score and every part of it, greatest magnitude first; the parts sum to ``score``.

    ``profile_weight`` (0..1) is how much of it rests on demographics rather than on the person's ratings.
    ``place`` is the film's place among all ``films`` of the model for this person, seen ones included, from 1 on.
    """

    movie_id: int
    title: str
    year: int | None
    score: float
    profile_weight: float
    parts: tuple[ExplainedPart, ...]
    place: int = 0
    films: int = 0


def explanation_for(*, person: Person, movie_id: int, dials: Dials | None = None) -> FilmExplanation:
    """Explain the score that this film has for ``person``, whether they have seen it or not. Two queries.

    Raises
    ------
    UnknownFilmError, UnknownPersonError, NoModelError, DamagedModelError
    """
    return explanations_for(person=person, movie_ids=(movie_id,), dials=dials)[0]


def explanations_for(
    *, person: Person, movie_ids: Sequence[int], dials: Dials | None = None, most: int | None = None
) -> tuple[FilmExplanation, ...]:
    """The same for several films at once, in the order given, each with ``most`` parts and one of the kind ``rest``
    for the others; folds the person in once.

    Raises
    ------
    UnknownFilmError, UnknownPersonError, NoModelError, DamagedModelError
    """
    champion = require_champion()
    artefact = champion.artefact
    for movie_id in movie_ids:
        if movie_id not in artefact.positions:
            raise UnknownFilmError(_("The model does not know film %(number)s.") % {"number": movie_id})
    known = know_person(champion, person)
    plan = make_plan(known.taste, dials or Dials())
    rated = artefact.movie_ids[known.history.items].tolist()
    facts = films_by_id(movie_ids={*movie_ids, *rated})
    scores = score_films(artefact, plan)
    return tuple(
        _explained(
            artefact,
            known,
            facts,
            movie_id,
            explain(artefact, known.taste, plan, artefact.positions[movie_id], most=most),
            1 + int((scores > scores[artefact.positions[movie_id]]).sum()),
        )
        for movie_id in movie_ids
    )


def _explained(
    artefact: Artefact,
    known: Known,
    facts: dict[int, FilmFacts],
    movie_id: int,
    parts: Sequence[Part],
    place: int,
) -> FilmExplanation:
    film = facts.get(movie_id)
    return FilmExplanation(
        movie_id=movie_id,
        title=film.title if film else f"#{movie_id}",
        year=film.year if film else None,
        # The sum in double precision: both engines agree with it up to their float32 rounding.
        score=sum(part.value for part in parts),
        profile_weight=profile_share(artefact, known.taste, [artefact.positions[movie_id]]),
        parts=tuple(_part(artefact, known, facts, part) for part in parts),
        place=place,
        films=len(artefact.movie_ids),
    )


def _part(artefact: Artefact, known: Known, facts: dict[int, FilmFacts], part: Part) -> ExplainedPart:
    if part.kind == "rating" and part.index is not None:
        number = int(artefact.movie_ids[known.history.items[part.index]])
        title = facts[number].title if number in facts else f"#{number}"
        return ExplainedPart(part.kind, title, part.value, number, int(known.history.stars[part.index]))
    return ExplainedPart(part.kind, _label(part), part.value)


def _label(part: Part) -> str:
    if part.kind == "profile":
        return _("Your profile")
    if part.kind == "like_share":
        return _("Liked by many people")
    if part.kind == "intercept":
        return _("Seen by many people")
    if part.kind == "genre" and part.index is not None:
        # The names of the genres are marked for translation where the site's labels are.
        return _("Your dial: %(what)s") % {"what": _(GENRES[part.index])}
    if part.kind == "rest" and part.index is not None:
        return ngettext("%(number)s smaller part", "%(number)s smaller parts together", part.index) % {
            "number": part.index
        }
    if part.kind == "decade":
        return _("Your dial: the %(decade)ss") % {"decade": part.index}
    return _("Your dial: well known or little known")
