"""How ratings are split: what a model may learn from, whom it is asked about, and what would have been right.

Pure pandas and NumPy. A table of ratings has the columns ``user_id``, ``movie_id``, ``item`` (the film's position
among all films, ascending by number), ``stars`` and ``rated_at``; see :func:`with_positions`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from recommendations.evaluation.names import PROTOCOLS, LeakError
from recommendations.evaluation.new_films import new_films
from recommendations.ranking.people import EMPTY_HISTORY, History

WEIGHTING = {
    "warm": "any",
    "temporal": "likes",
    "cold": "likes",
    "onboarding": "likes",
    "taste": "likes",
    "stars": "likes",
    "groups": "likes",
    "new-films": "likes",
    "global-time": "likes",
    "strong": "likes",
}
WARM_TRAIN_SHARE = 0.75
TEMPORAL_TRAIN_SHARE = 0.8
# Of fewer ratings no fifth can be set aside; so much of all ratings comes before the date of the global split.
LEAST_RATINGS, GLOBAL_TRAIN_SHARE = 5, 0.8
# Strong generalisation: of the people held out so much is given, and lists are so long (Liang et al., WWW 2018).
GIVEN_SHARE, STRONG_LENGTH, STRONG_RECALLS = 0.8, 100, (20, 50)
LIKED = 4
FOLDS = 5
SET_ASIDE = 10
ONBOARDING_RATINGS = (1, 3, 5, 10)
Items = NDArray[np.int32]


@dataclass(frozen=True)
class Case:
    """One person to rank for. Positions: ``history`` is what the model is told, ``excluded`` never are candidates,
    ``relevant`` would have been right. ``known`` people belong to the training part and have a profile there."""

    user_id: int
    history: History
    excluded: Items
    relevant: Items
    known: bool


@dataclass(frozen=True)
class Split:
    """One training part, and the questions by setting (``warm``, ``cold``, ``onboarding-3`` …).

    ``held_out_people`` are those of whom training sees nothing at all; ``asked`` are ratings whose stars are to be
    predicted; ``candidates`` are the only films in question, where not every film is. ``length`` is that of the lists
    where the protocol says it, and ``recalls`` are shorter lengths of which the recall is measured as well.
    """

    protocol: str
    seed: int
    fold: int
    train: pd.DataFrame
    questions: dict[str, list[Case]]
    held_out_people: frozenset[int] = frozenset()
    asked: pd.DataFrame | None = None
    candidates: Items | None = None
    length: int | None = None
    recalls: tuple[int, ...] = ()

    @property
    def weighting(self) -> str:
        """Which of :data:`recommendations.ranking.parameters.BY_WEIGHTING` the protocol is about."""
        return WEIGHTING[self.protocol]


def with_positions(ratings: pd.DataFrame, movie_ids: NDArray[np.integer]) -> pd.DataFrame:
    """Add ``item`` and order by person, time and film. ``movie_ids`` (n,) are all films, ascending."""
    frame = ratings[["user_id", "movie_id", "stars", "rated_at"]].copy()
    frame["item"] = np.searchsorted(movie_ids, frame["movie_id"].to_numpy()).astype(np.int32)
    return in_order(frame)


def in_order(ratings: pd.DataFrame) -> pd.DataFrame:
    """Order by person, time and film, and number each history anew (``position``, from 0)."""
    frame = ratings.sort_values(["user_id", "rated_at", "movie_id"], kind="stable", ignore_index=True)
    frame["position"] = frame.groupby("user_id").cumcount().astype(np.int32)
    return frame


def warm_split(ratings: pd.DataFrame, seed: int) -> Split:
    """Per person, a random round(.75 n) of the ratings train; every other one is relevant.

    The same as ``python_stratified_split`` of ``recommenders`` with ratio .75 and no minimum.
    """
    chance = np.random.default_rng(seed)
    shuffled = ratings.iloc[chance.permutation(len(ratings))]
    place = shuffled.groupby("user_id").cumcount()
    size = shuffled.groupby("user_id")["item"].transform("size")
    training = (place < (WARM_TRAIN_SHARE * size).round()).reindex(ratings.index).to_numpy()
    return _known_people_split("warm", seed, ratings, training, minimum_stars=1)


def temporal_split(ratings: pd.DataFrame, seed: int) -> Split:
    """Per person, the first floor(.8 n) ratings by time, then film, train; later ones of 4 stars on are relevant.

    People with fewer than five ratings are learnt from and not asked about. The seed steers training only.
    """
    ratings = in_order(ratings)
    size = ratings.groupby("user_id")["item"].transform("size")
    early = ratings["position"] < np.floor(TEMPORAL_TRAIN_SHARE * size)
    training = (early | (size < LEAST_RATINGS)).to_numpy()
    return _known_people_split("temporal", seed, ratings, training, minimum_stars=LIKED)


def global_time_split(ratings: pd.DataFrame, seed: int) -> Split:
    """Everything after one date is hidden: that after which the last fifth of all ratings comes. Asked about are people
    who have rated before it, about what they like after it.

    Raises
    ------
    ValueError
        If the ratings have no times.
    """
    times = ratings["rated_at"].to_numpy(np.float64)
    if not np.isfinite(times).any():
        raise ValueError("the protocol global-time needs times of ratings, and these have none")
    # What has no time of its own counts as before.
    training = ~(times > np.nanquantile(times, GLOBAL_TRAIN_SHARE))
    return _known_people_split("global-time", seed, ratings, training, minimum_stars=LIKED)


def strong_split(ratings: pd.DataFrame, seed: int) -> Split:
    """A fifth of the people is held out. Of each of them a random 80 % of the ratings is given, in their order, and the likes
    among the others are relevant: strong generalisation, as Marlin (2004) named it."""
    chance = np.random.default_rng(seed)
    people = chance.permutation(np.unique(ratings["user_id"].to_numpy()))
    held_out = people[: max(1, len(people) // FOLDS)]
    inside = ratings["user_id"].isin(held_out).to_numpy()
    cases = []
    for user_id, group in ratings[inside].groupby("user_id"):
        order = chance.permutation(len(group))
        is_given = np.zeros(len(group), bool)
        is_given[order[: int(np.floor(GIVEN_SHARE * len(group)))]] = True
        given, rest = group[is_given], group[~is_given]
        relevant = _items(rest[rest["stars"] >= LIKED])
        if len(given) and len(relevant):
            cases.append(Case(int(user_id), _history(given), _items(given), relevant, known=False))
    return Split(
        "strong",
        seed,
        0,
        in_order(ratings[~inside]),
        {"strong": cases},
        frozenset(int(user_id) for user_id in held_out),
        length=STRONG_LENGTH,
        recalls=STRONG_RECALLS,
    )


def _known_people_split(
    protocol: str, seed: int, ratings: pd.DataFrame, training: NDArray[np.bool_], *, minimum_stars: int
) -> Split:
    train = in_order(ratings[training])
    wanted = ratings[~training & (ratings["stars"] >= minimum_stars)]
    histories = dict(iterate_histories(train))
    cases = [
        Case(int(user_id), history := histories[user_id], history.items, _items(group), known=True)
        for user_id, group in wanted.groupby("user_id")
        if user_id in histories
    ]
    return Split(protocol, seed, 0, train, {protocol: cases})


def newcomer_splits(ratings: pd.DataFrame, seed: int, protocols: Sequence[str]) -> Iterator[Split]:
    """Five folds by person for ``cold`` and ``onboarding``; both ask the same five models.

    cold: no history, everything liked is relevant and every film a candidate. onboarding-n: of
    :data:`SET_ASIDE` random ratings, none of which is a candidate, the first n are the history (in random order,
    as a person answers who is shown films); the person's other likes are relevant.
    """
    chance = np.random.default_rng(seed)
    folds = np.array_split(chance.permutation(np.unique(ratings["user_id"].to_numpy())), FOLDS)
    for number, fold in enumerate(folds):
        inside = ratings["user_id"].isin(fold)
        questions: dict[str, list[Case]] = {"cold": []} if "cold" in protocols else {}
        if "onboarding" in protocols:
            questions |= {f"onboarding-{count}": [] for count in ONBOARDING_RATINGS}
        for user_id, group in ratings[inside].groupby("user_id"):
            person = int(user_id)
            if "cold" in questions:
                liked = _items(group[group["stars"] >= LIKED])
                questions["cold"].append(Case(person, EMPTY_HISTORY, liked[:0], liked, known=False))
            # Drawn always, so that a seed means the same whichever protocols run.
            shown = group.iloc[chance.permutation(len(group))[:SET_ASIDE]]
            rest = group.drop(shown.index)
            relevant = _items(rest[rest["stars"] >= LIKED])
            for count in ONBOARDING_RATINGS:
                if f"onboarding-{count}" in questions:
                    case = Case(person, _history(shown[:count]), _items(shown), relevant, known=False)
                    questions[f"onboarding-{count}"].append(case)
        questions = {
            setting: [case for case in cases if len(case.relevant)] for setting, cases in questions.items()
        }
        protocol = "cold" if "cold" in questions else "onboarding"
        people = frozenset(int(user_id) for user_id in fold)
        yield Split(protocol, seed, number, in_order(ratings[~inside]), questions, people)


def splits(ratings: pd.DataFrame, protocols: Sequence[str], seed: int) -> Iterator[Split]:
    """Every split that the protocols need for one seed; cold and onboarding share theirs, temporal and groups as well.

    Raises
    ------
    ValueError
        If a protocol is unknown.
    """
    unknown = set(protocols) - set(PROTOCOLS)
    if unknown:
        raise ValueError(f"{', '.join(sorted(unknown))} is no protocol; expected {', '.join(PROTOCOLS)}")
    if "warm" in protocols:
        yield warm_split(ratings, seed)
    if {"temporal", "groups"} & set(protocols):
        yield temporal_split(ratings, seed)
    if {"cold", "onboarding"} & set(protocols):
        yield from newcomer_splits(ratings, seed, protocols)
    if "taste" in protocols:
        # Nobody real is asked about, so nothing is held out; see evaluation/taste.py.
        yield Split("taste", seed, 0, in_order(ratings), {})
    if "global-time" in protocols:
        yield global_time_split(ratings, seed)
    if "strong" in protocols:
        yield strong_split(ratings, seed)
    if "stars" in protocols:
        yield from star_splits(ratings, seed)
    if "new-films" in protocols:
        yield new_films_split(ratings, seed)


def new_films_split(ratings: pd.DataFrame, seed: int) -> Split:
    """A fifth of the films with at least ten ratings loses all of them; for everybody who likes some of these films and has
    rated others, the films are ranked among each other."""
    new = new_films(ratings, seed)
    hidden = ratings["item"].isin(new).to_numpy()
    train = in_order(ratings[~hidden])
    histories = dict(iterate_histories(train))
    wanted = ratings[hidden & (ratings["stars"] >= LIKED)]
    cases = [
        # Not as a known person: their document would bring films into question that are not new.
        Case(int(user_id), histories[user_id], new[:0], _items(group), known=False)
        for user_id, group in wanted.groupby("user_id")
        if user_id in histories
    ]
    return Split("new-films", seed, 0, train, {"new-films": cases}, candidates=new)


def star_splits(ratings: pd.DataFrame, seed: int) -> Iterator[Split]:
    """Five random folds of all ratings: each is asked about once, of a model that has seen the other four."""
    fold = np.random.default_rng(seed).permutation(np.arange(len(ratings)) % FOLDS)
    for number in range(FOLDS):
        yield Split(
            "stars", seed, number, in_order(ratings[fold != number]), {}, asked=ratings[fold == number]
        )


ONE_TRAINING = ("warm", "taste", "new-films", "global-time", "strong")


def trainings_per_seed(protocols: Sequence[str]) -> int:
    """How many models one seed needs."""
    newcomers = FOLDS if {"cold", "onboarding"} & set(protocols) else 0
    folds = FOLDS if "stars" in protocols else 0
    temporal = bool({"temporal", "groups"} & set(protocols))
    return sum(name in protocols for name in ONE_TRAINING) + temporal + newcomers + folds


def check_leaks(split: Split) -> dict[str, int]:
    """Return, by setting, how many (person, film) pairs were looked up in the training part; none was there.

    Raises
    ------
    LeakError
        If a relevant film was trained on, is in the history that is told, or never could be shown, or if
        training saw anything of people it must not know.
    """
    trained: dict[int, set[int]] = {
        int(user_id): set(group["item"].tolist()) for user_id, group in split.train.groupby("user_id")
    }
    seen = split.held_out_people & set(trained)
    if seen:
        raise LeakError(f"{split.protocol}: training saw ratings of {len(seen)} people of the held-out fold")
    checked = dict.fromkeys(split.questions, 0)
    if split.asked is not None:
        for user_id, group in split.asked.groupby("user_id"):
            if trained.get(int(user_id), set()) & set(group["item"].tolist()):
                raise LeakError(
                    f"{split.protocol}: ratings of person {user_id} to be predicted were trained on"
                )
        checked[split.protocol] = len(split.asked)
    for setting, cases in split.questions.items():
        for case in cases:
            relevant = set(case.relevant.tolist())
            known_films = trained.get(case.user_id, set()) | set(case.history.items.tolist())
            if relevant & known_films:
                raise LeakError(f"{setting}: films of person {case.user_id} to be guessed were trained on")
            if relevant & set(case.excluded.tolist()):
                raise LeakError(f"{setting}: films of person {case.user_id} to be guessed are excluded")
            checked[setting] += len(relevant)
    return checked


def iterate_histories(ratings: pd.DataFrame) -> Iterator[tuple[int, History]]:
    """Each person's history, oldest first; ``ratings`` must be in order."""
    for user_id, group in ratings.groupby("user_id"):
        yield int(user_id), _history(group)


def _history(group: pd.DataFrame) -> History:
    return History(_items(group), group["stars"].to_numpy(np.float32))


def _items(group: pd.DataFrame) -> Items:
    return group["item"].to_numpy(np.int32)
