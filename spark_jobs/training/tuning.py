"""Parameters that fit the data: a small grid on an inner split, before anything is trained.

Of each person's history the last fifth is set aside; EASE and the sequence block are solved on the rest of it, over the
best-known films, for a few ridges, and their recency and blend tried on the same solutions: seconds, not trainings. A
candidate replaces the default only if it is clearly better, so that chance moves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommendations.ranking.blocks.base import Recency, recency_weights, value_of_stars
from recommendations.ranking.blocks.ease import Ease, EaseParameters
from recommendations.ranking.blocks.sequence import SequenceParameters
from recommendations.ranking.parameters import Parameters
from recommendations.ranking.people import KnownPeople
from spark_jobs.training.ease import ease_from_rows
from spark_jobs.training.sequence import pairs_as_rows, sequence_from_rows
from spark_jobs.training.solving import sparse_rows

Floats = NDArray[np.float64]
TRAIN_SHARE, LEAST_RATINGS, LISTED = 0.8, 5, 10
# So many films, the best known, and people are enough to tell candidates apart.
FILMS, ASKED = 3_000, 2_000
# Of the default's nDCG: less may be chance.
CLEARLY = 1.01
RIDGES = (0.25, 0.5, 1.0, 2.0)
# Of few people many directions matter; those of a higher rank begin with those of a lower one.
RANKS = (64, 128, 192)
RECENCIES = (Recency(0.1, 5.0), Recency(0.2, 10.0), Recency(0.3, 30.0), None)
WEIGHTS = (0.0, 0.4, 0.75, 1.2)


@dataclass(frozen=True)
class Question:
    """One person of the inner split: what they rated before, oldest first, and what they liked afterwards."""

    items: NDArray[np.int32]
    weights: Floats
    liked: NDArray[np.int32]


def tune(people: KnownPeople, films: int, parameters: Parameters) -> tuple[Parameters, dict[str, Any]]:
    """The parameters that fit these people's ratings, and every candidate with its nDCG@10 on the inner split.

    Too few people with later likes to ask about leave the parameters as they are.
    """
    if not parameters.has(Ease):
        return parameters, {"people": 0, "candidates": []}
    people, known = _best_known(people, films)
    early, questions = _inner_split(people, parameters)
    if len(questions) < LEAST_RATINGS:
        return parameters, {"people": len(questions), "candidates": []}
    tried: list[dict[str, Any]] = []

    def choose(name: str, options: dict[str, tuple[Any, float]], default: str) -> Any:
        for label, (_, ndcg) in options.items():
            tried.append(
                {"parameter": name, "value": label, "ndcg": round(ndcg, 4), "default": label == default}
            )
        best = max(options, key=lambda label: options[label][1])
        chosen = best if options[best][1] >= CLEARLY * options[default][1] else default
        tried[-len(options) + list(options).index(chosen)]["chosen"] = True
        return options[chosen][0]

    own = parameters.of(EaseParameters)
    rows = sparse_rows(early, value_of_stars(early.stars, parameters.star_weights), known)
    widest = max(*RANKS, own.rank)
    solved = {
        factor: ease_from_rows(rows, replace(own, ridge=own.ridge * factor, rank=widest))[:2]
        for factor in RIDGES
    }
    by_ridge = {
        f"{own.ridge * factor:g}": (
            factor,
            _ndcg(_scores(_cut(solved[factor], own.rank), questions, own.recency), questions),
        )
        for factor in RIDGES
    }
    factor = choose("ease.ridge", by_ridge, f"{own.ridge:g}")
    by_rank = {
        f"{rank}": (rank, _ndcg(_scores(_cut(solved[factor], rank), questions, own.recency), questions))
        for rank in sorted({own.rank, *RANKS})
    }
    rank = choose("ease.rank", by_rank, f"{own.rank}")
    best = _cut(solved[factor], rank)
    changes: dict[str, Any] = {"ease": {"ridge": own.ridge * factor, "rank": rank}}
    recency = own.recency
    if recency is not None:
        by_recency = {
            _label(option): (option, _ndcg(_scores(best, questions, option), questions))
            for option in dict.fromkeys((recency, *RECENCIES))
        }
        recency = choose("ease.recency", by_recency, _label(recency))
        changes["ease"]["recency"] = recency
    sequence = next((block for block in parameters.blocks if isinstance(block, SequenceParameters)), None)
    if sequence is not None and sequence.weight:
        past, following = pairs_as_rows(early, rows_weights(early, parameters), known, sequence)
        if past.shape[0]:
            alone = _scores(best, questions, recency)
            follow = _scores(sequence_from_rows(past, following, sequence), questions, sequence.recency)
            by_weight = {
                f"{weight:g}": (weight, _ndcg(alone + weight * follow, questions))
                for weight in dict.fromkeys((sequence.weight, *WEIGHTS))
            }
            changes["sequence"] = {"weight": choose("sequence.weight", by_weight, f"{sequence.weight:g}")}
    return parameters.adjusted(**changes), {"people": len(questions), "candidates": tried}


def rows_weights(people: KnownPeople, parameters: Parameters) -> Floats:
    """What each rating counts where ratings are summed up (r,)."""
    return value_of_stars(people.stars, parameters.star_weights)


def _best_known(people: KnownPeople, films: int) -> tuple[KnownPeople, int]:
    """The same people with their ratings of the best-known films alone, which are numbered anew."""
    if films <= FILMS:
        return people, films
    counts = np.bincount(people.items, minlength=films)
    kept = np.sort(np.argsort(-counts, kind="stable")[:FILMS])
    place = np.full(films, -1, np.int32)
    place[kept] = np.arange(FILMS, dtype=np.int32)
    there = place[people.items] >= 0
    lengths = np.add.reduceat(np.append(there, False).astype(np.int64), people.starts[:-1])
    lengths[np.diff(people.starts) == 0] = 0
    return (
        replace(
            people,
            starts=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            items=place[people.items[there]],
            stars=people.stars[there],
        ),
        FILMS,
    )


def _inner_split(people: KnownPeople, parameters: Parameters) -> tuple[KnownPeople, list[Question]]:
    """The first four fifths of every history, and the questions about the rest."""
    lengths = np.diff(people.starts)
    kept = np.where(lengths >= LEAST_RATINGS, np.floor(TRAIN_SHARE * lengths), lengths).astype(np.int64)
    mask = np.zeros(len(people.items), bool)
    questions: list[Question] = []
    fold_in = value_of_stars(people.stars, parameters.weights_to_fold_in)
    for start, length, count in zip(people.starts[:-1], lengths, kept, strict=True):
        mask[start : start + count] = True
        later = slice(start + count, start + length)
        liked = people.items[later][people.stars[later] >= parameters.like_threshold]
        if liked.size and count:
            before = slice(start, start + count)
            questions.append(Question(people.items[before], fold_in[before], liked))
    early = replace(
        people,
        starts=np.concatenate([[0], np.cumsum(kept)]).astype(np.int64),
        items=people.items[mask],
        stars=people.stars[mask],
    )
    if len(questions) > ASKED:
        chosen = np.random.default_rng(0).permutation(len(questions))[:ASKED]
        questions = [questions[place] for place in np.sort(chosen)]
    return early, questions


def _scores(solved: tuple[Floats, Floats], questions: list[Question], recency: Recency | None) -> Floats:
    """The score of every film for everybody who is asked about (q, n); what they rated is out of question."""
    fold, items = solved
    tastes = np.array(
        [
            (question.weights * recency_weights(np.arange(len(question.items))[::-1].astype(float), recency))
            @ fold[question.items]
            for question in questions
        ]
    )
    scores: Floats = tastes @ items.T
    return scores


def _ndcg(scores: Floats, questions: list[Question]) -> float:
    """Mean nDCG at 10; films that were rated before are left out."""
    discounts = 1 / np.log2(np.arange(2, LISTED + 2))
    found = []
    for row, question in zip(scores, questions, strict=True):
        open_scores = row.copy()
        open_scores[question.items] = -np.inf
        top = np.argpartition(-open_scores, LISTED)[:LISTED] if len(row) > LISTED else np.arange(len(row))
        top = top[np.argsort(-open_scores[top], kind="stable")]
        hits = np.isin(top, question.liked)
        found.append((hits * discounts[: len(top)]).sum() / discounts[: len(question.liked)].sum())
    return float(np.mean(found))


def _cut(solved: tuple[Floats, Floats], rank: int) -> tuple[Floats, Floats]:
    """The strongest directions of a map alone."""
    fold, items = solved
    return fold[:, :rank], items[:, :rank]


def _label(recency: Recency | None) -> str:
    return "none" if recency is None else f"{recency.floor:g} + exp(-age / {recency.span:g})"
