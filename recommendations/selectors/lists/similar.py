"""Films that are like a film, because the same people like them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from recommendations.ranking.blocks.ease import Ease
from recommendations.selectors.catalogue import FilmFacts, film_or_number, films_by_id
from recommendations.selectors.lists.champion import Champion
from recommendations.selectors.lists.person import UnknownFilmError


@dataclass(frozen=True)
class SimilarFilm:
    """A film, how much a rating of the other one raises it, and why, in the active language."""

    movie_id: int
    title: str
    year: int | None
    genres: tuple[str, ...]
    weight: float
    reason: str
    key: str = ""


def similar_to(champion: Champion, *, movie_id: int, k: int = 10) -> tuple[SimilarFilm, ...]:
    """At most ``k`` films that a rating of this one raises most, best first. Of films that nobody has rated, it is what is
    known of them that says so.

    Raises
    ------
    UnknownFilmError
    """
    artefact = champion.artefact
    if movie_id not in artefact.positions:
        raise UnknownFilmError(_("The model does not know film %(number)s.") % {"number": movie_id})
    movie_id = artefact.kept_number(movie_id)
    rows, weights = artefact.block(Ease).similar(artefact.positions[movie_id], k + len(artefact.twins))
    once = artefact.each_once[rows]
    rows, weights = rows[once][:k], weights[once][:k]
    numbers = artefact.movie_ids[rows].tolist()
    facts = films_by_id(movie_ids={movie_id, *numbers})
    origin = film_or_number(facts.get(movie_id), movie_id)
    rated = artefact.rating_count > 0
    known = bool(rated[artefact.positions[movie_id]])
    return tuple(
        _similar(
            origin,
            film_or_number(facts.get(number), number),
            float(weight),
            rated=known and bool(rated[row]),
        )
        for number, weight, row in zip(numbers, weights, rows.tolist(), strict=True)
    )


def _similar(origin: FilmFacts, film: FilmFacts, weight: float, *, rated: bool) -> SimilarFilm:
    shared = [genre for genre in film.genres if genre in origin.genres and genre != "unknown"]
    if not rated:
        # Nobody who likes the one can have liked the other yet.
        reason = _("Like %(title)s, by what is known of the two.") % {"title": origin.title}
    elif shared:
        # The names of the genres are marked for translation where the site's labels are.
        details = {"title": origin.title, "genres": ", ".join(_(genre) for genre in shared)}
        reason = _("Who likes %(title)s likes it as well; both are: %(genres)s.") % details
    else:
        reason = _("Who likes %(title)s likes it as well.") % {"title": origin.title}
    return SimilarFilm(film.movie_id, film.title, film.year, film.genres, weight, reason, film.key)
