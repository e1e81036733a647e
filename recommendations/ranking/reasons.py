"""The one reason that a list gives for each of its films: the part of the score that a person would name.

It is the largest part among those that may be said: a rating speaks for a film only if the two belong together and the
rating is no dislike, "people like you" only to somebody who has said who they are, "widely loved" only of a film that is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

import numpy as np

from recommendations.ranking.artefact import Artefact
from recommendations.ranking.audience import Audiences, belong_together
from recommendations.ranking.blocks.base import gettext_noop
from recommendations.ranking.explain import WORDS, Part, other_parts, rating_contributions, say
from recommendations.ranking.fold_in import Taste
from recommendations.ranking.people import History
from recommendations.ranking.score import ScorePlan
from recommendations.stars import plain_stars

LOVED, LIKED, SEEN = 5, 4, 3
# A list names the same rating so often.
NAMED_AT_MOST = 2
# What is named is at least so large beside the largest part; smaller ones are named all together.
CLOSE = 0.5
# So many films count as widely loved: those that most people like, of a small catalogue a quarter.
WIDELY_LOVED, SHARE_LOVED = 300, 4
# Everybody's parts, and the average of all profiles for somebody who has said nothing.
EVERYBODYS = frozenset(kind for kind, words in WORDS.items() if words.everybody)

GENRE_FILMS = {
    "Action": gettext_noop("action films"),
    "Adventure": gettext_noop("adventure films"),
    "Animation": gettext_noop("animated films"),
    "Children's": gettext_noop("children’s films"),
    "Comedy": gettext_noop("comedies"),
    "Crime": gettext_noop("crime films"),
    "Documentary": gettext_noop("documentaries"),
    "Drama": gettext_noop("dramas"),
    "Fantasy": gettext_noop("fantasy films"),
    "Film-Noir": gettext_noop("films noirs"),
    "Horror": gettext_noop("horror films"),
    "Musical": gettext_noop("musicals"),
    "Mystery": gettext_noop("mysteries"),
    "Romance": gettext_noop("romances"),
    "Sci-Fi": gettext_noop("science fiction"),
    "Thriller": gettext_noop("thrillers"),
    "War": gettext_noop("war films"),
    "Western": gettext_noop("westerns"),
}
YOU_LIKE = gettext_noop("You like %(films)s.")
# Somebody may see a genre more than others do, and still give its films fewer stars than the rest of theirs.
YOU_OFTEN_WATCH = gettext_noop("You often watch %(films)s.")
OF_THIS_KIND = gettext_noop("films of this kind: %(genre)s")
OTHER_REASONS = {
    "picked": gettext_noop("It fits a taste that you picked."),
    "ratings": gettext_noop("It fits your ratings as a whole."),
    "left": gettext_noop("The closest to your taste among what is left."),
}
# Of films that came after training.
NEW = gettext_noop("New here.")
NEW_BECAUSE = gettext_noop("New here; because you like %(title)s.")
NEW_KIND = gettext_noop("New here; because you like %(films)s.")
NEW_OFTEN = gettext_noop("New here; because you often watch %(films)s.")
NEW_DECADE = gettext_noop("New here; because you like films of the %(decade)ss.")
OTHER_NEW_REASONS = {
    "picked": gettext_noop("New here; it fits a taste that you picked."),
    "ratings": gettext_noop("New here; it fits your ratings as a whole."),
}


@dataclass(frozen=True)
class Reason:
    """The main reason for a film: ``kind`` and ``index`` as in :class:`Part`, or ``ratings`` (all of them together), ``picked`` (a taste) or
    ``left`` (nothing speaks for it); ``movie_id`` and ``stars`` if it is a rating, ``often`` for a genre that the person
    sees much of and gives fewer stars than the rest of their films."""

    kind: str
    movie_id: int | None = None
    stars: float | None = None
    index: int | None = None
    genre: str = ""
    often: bool = False
    is_new: bool = False

    def sentence(self, title: str, translate: Callable[[str], str] = str) -> str:
        """Say it in English, or as ``translate`` makes of English sentences; ``title`` is that of the rated film."""
        if self.is_new:
            return self._sentence_of_new(title, translate)
        if self.kind in OTHER_REASONS:
            return translate(OTHER_REASONS[self.kind])
        if self.often and self.genre not in GENRE_FILMS:
            of_this_kind = translate(OF_THIS_KIND) % {"genre": translate(self.genre)}
            return translate(YOU_OFTEN_WATCH) % {"films": of_this_kind}
        if self.kind == "taste_genre" and (films := GENRE_FILMS.get(self.genre)):
            return translate(YOU_OFTEN_WATCH if self.often else YOU_LIKE) % {"films": translate(films)}
        if self.stars is None:
            return say(WORDS[self.kind].reason, self.index, self.genre, translate)
        if self.stars >= LOVED:
            sentence = gettext_noop("Because you loved %(title)s.")
        elif self.stars >= LIKED:
            sentence = gettext_noop("Because you liked %(title)s.")
        else:
            sentence = gettext_noop("Because you have seen %(title)s.")
        return with_one_stop(translate(sentence) % {"title": title})

    def _sentence_of_new(self, title: str, translate: Callable[[str], str]) -> str:
        if self.stars is not None:
            return with_one_stop(translate(NEW_BECAUSE) % {"title": title})
        if self.kind == "taste_genre":
            genre = GENRE_FILMS.get(self.genre)
            kind = translate(genre) if genre else translate(OF_THIS_KIND) % {"genre": translate(self.genre)}
            return translate(NEW_OFTEN if self.often else NEW_KIND) % {"films": kind}
        if self.kind == "taste_decade":
            return translate(NEW_DECADE) % {"decade": self.index}
        return translate(OTHER_NEW_REASONS.get(self.kind, NEW))


def with_one_stop(sentence: str) -> str:
    """The sentence without a full stop behind a title that ends with one: "When Harry Met Sally..."."""
    return re.sub(r"(?<=[.!?…])\.$", "", sentence)


def reasons_of_list(
    artefact: Artefact,
    history: History,
    taste: Taste,
    plan: ScorePlan,
    movie_ids: Iterable[int],
    *,
    has_profile: bool = True,
    audiences: Audiences | None = None,
    picked: Collection[int] = (),
) -> list[Reason]:
    """The main reason for each film of a list; no rating is named more than :data:`NAMED_AT_MOST` times.

    ``has_profile`` is whether the person has said anything about themselves. Without ``audiences`` only films of the same
    genre count as belonging together. ``picked`` are films (MovieLens numbers) of the history that stand for a taste.
    """
    named: Counter[int | None] = Counter()
    reasons = []
    for movie_id in movie_ids:
        tired = {number for number, times in named.items() if number is not None and times >= NAMED_AT_MOST}
        reason = reason_for(
            artefact,
            history,
            taste,
            plan,
            movie_id,
            tired,
            has_profile=has_profile,
            audiences=audiences,
            picked=picked,
        )
        if artefact.is_new(artefact.positions[movie_id]):
            reason = _of_new(reason, artefact, history, taste, artefact.positions[movie_id], picked)
        named[reason.movie_id] += 1
        reasons.append(reason)
    return reasons


def reason_for(
    artefact: Artefact,
    history: History,
    taste: Taste,
    plan: ScorePlan,
    movie_id: int,
    tired: Collection[int] = (),
    *,
    has_profile: bool = True,
    audiences: Audiences | None = None,
    picked: Collection[int] = (),
) -> Reason:
    """Choose the part that speaks for a film; the rated films ``tired`` (MovieLens numbers) are not named."""
    film = artefact.positions[movie_id]
    contributions = rating_contributions(artefact, taste, film)
    others = [
        Part("like_share", part.value) if part.kind == "profile" and not has_profile else part
        for part in other_parts(artefact, taste, plan, film)
    ]
    largest = max([*(part.value for part in others), *contributions.tolist()], default=0.0)
    sayable = [part for part in others if part.value > 0 and _is_true(artefact, part, film)]
    best = max(sayable, key=lambda part: part.value, default=None)
    # A rating is named only where nothing of another kind is larger.
    other = max((part.value for part in others), default=0.0)
    least = max(other, CLOSE * largest, np.finfo(float).tiny)
    for place in np.argsort(-contributions, kind="stable").tolist():
        if contributions[place] < least:
            break
        number = int(artefact.movie_ids[history.items[place]])
        stars = plain_stars(float(history.stars[place]))
        # A film that somebody disliked is no reason to watch another one, even where it adds to the sum.
        if stars < SEEN or number in tired:
            continue
        if belong_together(artefact, audiences, film, int(history.items[place])):
            return Reason("picked") if number in picked else Reason("rating", number, stars)
    if best is not None and best.value >= CLOSE * largest:
        return _named(best, artefact, history)
    if contributions.sum() > max(other, 0.0) and (history.stars >= SEEN).any():
        only_picked = np.isin(artefact.movie_ids[history.items], list(picked)).all()
        return Reason("picked" if only_picked else "ratings")
    if best is not None:
        return _named(best, artefact, history)
    return Reason("like_share" if _is_widely_loved(artefact, film) else "left")


def _named(part: Part, artefact: Artefact, history: History) -> Reason:
    often = False
    if part.kind == "taste_genre" and part.index is not None:
        of_genre = artefact.genres[history.items, part.index] > 0
        often = bool(of_genre.any() and history.stars[of_genre].mean() < history.stars.mean())
    return Reason(part.kind, index=part.index, genre=part.genre, often=often)


def _of_new(
    reason: Reason,
    artefact: Artefact,
    history: History,
    taste: Taste,
    film: int,
    picked: Collection[int],
) -> Reason:
    """The reason for a film that came after training. Nobody has rated it, so that no rating of another film says much;
    what is named where nothing else may be is the liked film of the same genre that says most."""
    if reason.kind in ("rating", "taste_genre", "taste_decade", "picked") and (
        reason.stars is None or reason.stars >= LIKED
    ):
        return replace(reason, is_new=True)
    contributions = rating_contributions(artefact, taste, film)
    for place in np.argsort(-contributions, kind="stable").tolist():
        number, stars = int(artefact.movie_ids[history.items[place]]), float(history.stars[place])
        if contributions[place] <= 0:
            break
        if stars >= LIKED and belong_together(artefact, None, film, int(history.items[place])):
            if number in picked:
                return Reason("picked", is_new=True)
            return Reason("rating", number, plain_stars(stars), is_new=True)
    return Reason("ratings" if reason.kind == "ratings" else "left", is_new=True)


def _is_true(artefact: Artefact, part: Part, film: int) -> bool:
    return part.kind not in EVERYBODYS or _is_widely_loved(artefact, film)


def _is_widely_loved(artefact: Artefact, film: int) -> bool:
    shares = artefact.like_share
    more_loved = int((shares > shares[film]).sum())
    return more_loved < min(WIDELY_LOVED, max(shares.size // SHARE_LOVED, 1))
