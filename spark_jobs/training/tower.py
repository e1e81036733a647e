"""The content tower: vocabularies of the films' content, and a ridge regression to the arrays of the other blocks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_array

from recommendations.evaluation.metrics import ndcg_at_k
from recommendations.ranking.blocks.base import Block, value_of_stars
from recommendations.ranking.blocks.ease import Ease
from recommendations.ranking.blocks.tower import Tower, TowerParameters
from recommendations.ranking.content import FilmContent, Vocabulary, folded_names, words_of
from recommendations.ranking.new_films import fill_rows
from spark_jobs.training.base import BlockTraining, Floats, Trained, TrainingData
from spark_jobs.training.solving import sparse_rows, strongest

# A word in more of the overviews than this tells nothing; so many words are kept, the most frequent ones.
COMMON, MOST_WORDS = 0.4, 20_000
# A film with fewer ratings is no question of the folds; so many people are asked, and lists are so long.
LEAST_RATINGS, ASKED, LISTED = 10, 1_000, 10
# Fewer films than this to ask about tell no ridges apart; it learns from so many at most, the best known.
LEAST_FILMS, MOST_FILMS = 50, 20_000


class TowerTraining(BlockTraining):
    """Needs no sums: it is solved from the blocks before it, of which it is the last."""

    block = Tower

    def solve(self, data: TrainingData) -> Trained:
        own = data.parameters.of(TowerParameters)
        count = np.bincount(data.people.items, minlength=data.films)
        targets = _targets(data.solved)
        known = np.sort(np.argsort(-count, kind="stable")[: min(MOST_FILMS, int((count > 0).sum()))])
        contents = [data.contents[row] for row in known]
        vocabulary = learn_vocabulary(contents, data.data_set.genres, own)
        if not targets or not vocabulary.width:
            return Trained(Tower.empty(data.films))
        count = count[known]
        fits = Fits(
            vocabulary.features(contents),
            np.hstack([array[known] for array in targets.values()]),
            count / (count + own.half),
        )
        widths = np.array([array.shape[1] for array in targets.values()], np.int32)
        ease = next((block for block in data.solved if isinstance(block, Ease)), None)
        folds = folds_of(count, own.folds, data.seed)
        tried = ridge_figures(fits, folds, own.ridges, questions_of(data, ease, known))
        ridge = max(own.ridges, key=lambda ridge: tried[ridge])
        shrink, explained = shrinkage(fits, folds, ridge, widths)
        centre, mean, coefficients = fits.without(np.zeros(0, np.intp), ridge)
        tower = Tower(
            targets=np.array(list(targets), np.str_),
            widths=widths,
            centre=centre,
            mean=mean,
            coefficients=(coefficients * np.repeat(shrink, widths)).astype(np.float32),
            vocabulary=vocabulary,
        )
        report = {
            "ridge": ridge,
            "candidates": {f"{ridge:g}": round(figure, 4) for ridge, figure in tried.items()},
            "features": {
                "genres": len(vocabulary.genres),
                "decades": len(vocabulary.decades),
                "tags": len(vocabulary.tags),
                "people": len(vocabulary.people),
                "directions": vocabulary.directions.shape[1],
            },
            "explained": {
                name: round(float(share), 4) for name, share in zip(targets, explained, strict=True)
            },
            "shrinkage": {name: round(float(share), 4) for name, share in zip(targets, shrink, strict=True)},
        }
        return Trained(tower, {"tower": report})


def fill_unrated(blocks: Sequence[Block], data: TrainingData) -> tuple[Block, ...]:
    """The blocks with the tower's coordinates for the films of the data that nobody has rated."""
    unrated = np.flatnonzero(np.bincount(data.people.items, minlength=data.films) == 0)
    tower = next(block for block in blocks if isinstance(block, Tower))
    return fill_rows(blocks, tower, unrated, [data.contents[row] for row in unrated])


def learn_vocabulary(
    known: Sequence[FilmContent], genres: tuple[str, ...], own: TowerParameters
) -> Vocabulary:
    """What films are described by: names that at least ``own.least`` of the ``known`` films have, and the strongest
    directions of the words of their overviews."""
    overviews = [words_of(film.overview) for film in known if film.overview]
    counted = Counter(word for words in overviews for word in set(words))
    too_common = COMMON * max(len(overviews), 1)
    words = sorted(
        word for word, films in counted.most_common(MOST_WORDS) if own.least <= films <= too_common
    )
    frequency = 1 + np.log((1 + len(overviews)) / (1 + np.array([counted[word] for word in words], float)))
    plain = Vocabulary(
        genres=tuple(name for name in genres if name != "unknown"),
        decades=np.array(sorted({film.decade for film in known} - {0}), np.int16),
        tags=_frequent((film.tags for film in known), own),
        people=_frequent((film.people for film in known), own),
        words=np.array(words, np.str_),
        frequency=frequency,
        directions=np.zeros((len(words), 0), np.float32),
    )
    return Vocabulary(
        **{name: getattr(plain, name) for name in plain.__dataclass_fields__ if name != "directions"},
        directions=_directions(plain, [film.overview for film in known if film.overview], own.directions),
    )


def _frequent(names: Iterable[tuple[str, ...]], own: TowerParameters) -> NDArray[np.str_]:
    counted = Counter(name for film in names for name in folded_names(film))
    kept = [name for name, films in sorted(counted.items()) if films >= own.least]
    return np.array(sorted(sorted(kept, key=lambda name: -counted[name])[: own.most]), np.str_)


def _directions(vocabulary: Vocabulary, overviews: Sequence[str], rank: int) -> NDArray[np.float32]:
    """The strongest right singular vectors (v, rank) of the TF-IDF rows of the overviews."""
    size = len(vocabulary.words)
    if not size:
        return np.zeros((0, 0), np.float32)
    rows = [vocabulary.tf_idf(overview) for overview in overviews]
    ends = np.concatenate([[0], np.cumsum([len(places) for places, _ in rows])])
    matrix = csr_array(
        (
            np.concatenate([values for _, values in rows]),
            np.concatenate([places for places, _ in rows]),
            ends,
        ),
        shape=(len(rows), size),
    )
    rank = min(rank, *matrix.shape)
    return strongest(lambda vectors: matrix.T @ (matrix @ vectors), size, rank).astype(np.float32)


def _targets(blocks: Sequence[Block]) -> dict[str, Floats]:
    """The arrays to predict, by ``<block>.<array>``, each (n, width)."""
    return {
        f"{block.name}.{name}": array.reshape(len(array), -1).astype(np.float64)
        for block in blocks
        if not block.is_empty
        for name in block.of_films
        for array in [getattr(block, name)]
    }


@dataclass(frozen=True)
class Fits:
    """Weighted ridge regressions from ``features`` (n, f) to ``targets`` (n, D) with ``weights`` (n,), whose sums are formed
    once: films are left out by taking theirs off."""

    features: Floats
    targets: Floats
    weights: Floats

    def __post_init__(self) -> None:
        weighted = self.features * self.weights[:, None]
        object.__setattr__(self, "_sums", self._moments(slice(None), weighted))

    def _moments(self, rows: slice | NDArray[np.intp], weighted: Floats) -> tuple[Floats, ...]:
        features, targets, weights = self.features[rows], self.targets[rows], self.weights[rows]
        part = weighted[rows] if isinstance(rows, slice) else weighted
        return (
            part.T @ features,
            part.T @ targets,
            part.sum(axis=0),
            weights @ targets,
            np.array([weights.sum()]),
        )

    def without(self, left_out: NDArray[np.intp], ridge: float) -> tuple[Floats, Floats, Floats]:
        """Mean features (f,), mean targets (D,) and coefficients (f, D) without the films in these rows."""
        part = self._moments(left_out, self.features[left_out] * self.weights[left_out][:, None])
        gram, cross, features, targets, weight = (
            whole - part
            for whole, part in zip(self._sums, part, strict=True)  # type: ignore[attr-defined]
        )
        centre, mean = features / weight, targets / weight
        system = gram - weight * np.outer(centre, centre)
        system[np.diag_indices_from(system)] += ridge
        coefficients = cho_solve(
            cho_factor(system, overwrite_a=True), cross - weight * np.outer(centre, mean)
        )
        return centre, mean, coefficients

    def predicted(self, rows: NDArray[np.intp], ridge: float) -> tuple[Floats, Floats]:
        """The means (D,) and the predicted differences from them (r, D) of the films in these rows, from all others."""
        centre, mean, coefficients = self.without(rows, ridge)
        return mean, (self.features[rows] - centre) @ coefficients


def folds_of(count: NDArray[np.integer], folds: int, seed: int) -> list[NDArray[np.intp]]:
    """The films with enough ratings to be asked about, in ``folds`` random parts."""
    known = np.flatnonzero(count >= LEAST_RATINGS)
    if len(known) < LEAST_FILMS:
        known = np.flatnonzero(count > 0)
    return [np.sort(part) for part in np.array_split(np.random.default_rng(seed).permutation(known), folds)]


@dataclass(frozen=True)
class Questions:
    """Some people: what each rating of theirs counts (m, n), what EASE makes of it (n, d) and what they liked (m, n)."""

    weights: csr_array
    fold: Floats
    liked: csr_array


def questions_of(data: TrainingData, ease: Ease | None, known: NDArray[np.intp]) -> Questions | None:
    """Whom to ask which of the ``known`` films that were left out they like; ``None`` without an EASE block."""
    if ease is None or ease.is_empty:
        return None
    people, parameters = data.people, data.parameters
    weights = sparse_rows(people, value_of_stars(people.stars, parameters.weights_to_fold_in), data.films)
    liked = sparse_rows(people, people.stars >= parameters.like_threshold, data.films)
    chosen = np.sort(np.random.default_rng(data.seed).permutation(weights.shape[0])[:ASKED])
    fold = ease.fold[known].astype(np.float64)
    return Questions(weights[chosen][:, known], fold, liked[chosen][:, known])


def ridge_figures(
    fits: Fits, folds: Sequence[NDArray[np.intp]], ridges: Sequence[float], questions: Questions | None
) -> dict[float, float]:
    """For each ridge, nDCG@10 of the films of each fold for people who like some of them, asked of EASE with the tower's
    coordinates and without their ratings of the fold; without anybody to ask, the share of the targets that it explains."""
    figures = dict.fromkeys(ridges, 0.0)
    for ridge in ridges:
        found: list[float] = []
        for films in folds:
            mean, differences = fits.predicted(films, ridge)
            if questions is None:
                truth = fits.targets[films] - mean
                found.append(1 - float(((truth - differences) ** 2).sum() / max((truth**2).sum(), 1e-12)))
                continue
            width = questions.fold.shape[1]
            tastes = questions.weights @ questions.fold - questions.weights[:, films] @ questions.fold[films]
            # EASE comes first among the blocks, and its items among its arrays.
            scores = tastes @ (mean + differences)[:, :width].T
            liked = questions.liked[:, films].tocsr()
            order = np.argsort(-scores, axis=1, kind="stable")[:, :LISTED]
            found += [
                ndcg_at_k(order[row], relevant, LISTED)
                for row, (start, end) in enumerate(zip(liked.indptr[:-1], liked.indptr[1:], strict=True))
                if (relevant := liked.indices[start:end]).size
            ]
        figures[ridge] = float(np.mean(found)) if found else 0.0
    return figures


def shrinkage(
    fits: Fits, folds: Sequence[NDArray[np.intp]], ridge: float, widths: NDArray[np.int32]
) -> tuple[Floats, Floats]:
    """For each target, the share (0 to 1) of a prediction to keep, which is the slope of the truth over predictions for
    films that were left out, and the share of the truth's variance that the kept part explains (0 to 1)."""
    along, across, truth = np.zeros((3, fits.targets.shape[1]))
    for films in folds:
        mean, differences = fits.predicted(films, ridge)
        weights, real = fits.weights[films], fits.targets[films] - mean
        along += weights @ (real * differences)
        across += weights @ differences**2
        truth += weights @ real**2
    starts = np.concatenate([[0], np.cumsum(widths)[:-1]])
    along, across, truth = (np.add.reduceat(values, starts) for values in (along, across, truth))
    kept = np.clip(along / np.maximum(across, 1e-12), 0.0, 1.0)
    explained = (2 * kept * along - kept**2 * across) / np.maximum(truth, 1e-12)
    return kept, np.clip(explained, 0.0, 1.0)
