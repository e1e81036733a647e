"""What a run found out, person by person, and its summary over people and seeds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommendations.evaluation import metrics
from recommendations.evaluation.baselines import Baselines
from recommendations.evaluation.engines import Engine
from recommendations.evaluation.names import LIKE_SHARE, METRICS, MODEL
from recommendations.evaluation.protocols import Case, Split
from recommendations.evaluation.stars import StarsRecord
from recommendations.ranking.artefact import Artefact
from recommendations.ranking.demographics import AGE_BANDS, Demographics
from recommendations.ranking.score import rank_films

# Where groups by number of ratings begin, after the first one.
ACTIVITY = (20, 50, 100, 200)
GENDER_NAMES = {"F": "women", "M": "men"}


@dataclass
class SystemRecord:
    """The lists of one system in one setting and seed, measured."""

    values: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    groups: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    shown: set[int] = field(default_factory=set)

    def add(self, measured: Mapping[str, float], shown: NDArray[np.integer], groups: tuple[str, ...]) -> None:
        """Add one person's list."""
        for name, value in measured.items():
            self.values[name].append(value)
        for group in groups:
            self.groups[group].append(measured["ndcg"])
        self.shown.update(shown.tolist())


@dataclass
class Records:
    """All that was measured: by setting, seed and system."""

    k: int
    has_tuned: bool = False  # whether single methods are tuned and compared as well, which takes a minute
    systems: dict[str, dict[int, dict[str, SystemRecord]]] = field(default_factory=dict)
    rated_films: dict[tuple[str, int], set[int]] = field(default_factory=lambda: defaultdict(set))
    tastes: dict[int, dict[str, float]] = field(default_factory=dict)  # by seed, of :mod:`.taste`
    groups: dict[int, dict[str, float]] = field(default_factory=dict)  # by seed, of :mod:`.groups`
    stars: dict[int, StarsRecord] = field(default_factory=dict)  # by seed

    def measure(
        self,
        split: Split,
        artefact: Artefact,
        engine: Engine,
        demographics: Mapping[int, Demographics],
        *,
        baselines: bool = True,
    ) -> None:
        """Ask the model and, if wanted, the baselines every question of a split."""
        if split.asked is not None:
            self.stars.setdefault(split.seed, StarsRecord()).add(artefact, split.train, split.asked)
        information = metrics.self_information(artefact.rating_count)
        others = Baselines(artefact, split.train, is_tuned=self.has_tuned)
        for setting, cases in split.questions.items():
            rankers = others.for_setting(setting) if baselines else {}
            length = split.length or self.k
            by_system = self.systems.setdefault(setting, {}).setdefault(split.seed, {})
            self.rated_films[setting, split.seed].update(np.flatnonzero(artefact.rating_count).tolist())
            for case in candidates_alone(split, cases, artefact):
                person = demographics[case.user_id]
                lists = {MODEL: engine.rank(case, person, length)}
                for name, scorer in rankers.items():
                    scores = np.asarray(scorer(case, person), np.float32)
                    lists[name] = rank_films(scores, case.excluded, length)
                for name, shown in lists.items():
                    measured = measure_list(shown, case, artefact, information, length, recalls=split.recalls)
                    by_system.setdefault(name, SystemRecord()).add(
                        measured, shown, (*groups_of(person), *activity_of(case))
                    )

    def summary(self) -> dict[str, Any]:
        """Means over people, then mean and standard deviation over seeds, JSON-able; settings in their order."""
        return {setting: self._setting(setting, seeds) for setting, seeds in self.systems.items()}

    def _setting(self, setting: str, seeds: dict[int, dict[str, SystemRecord]]) -> dict[str, Any]:
        first = next(iter(seeds.values()))
        means = {
            name: [self._means(setting, seed, records[name]) for seed, records in seeds.items()]
            for name in first
        }
        share = [by_seed["ndcg"] for by_seed in means.get(LIKE_SHARE, [])]
        ratio = [
            model["ndcg"] / base for model, base in zip(means.get(MODEL, []), share, strict=False) if base > 0
        ]
        group_names = sorted(
            {group for record in first.values() for group in record.groups}, key=_group_order
        )
        return {
            "people": [len(records[MODEL].values["ndcg"]) for records in seeds.values()] if first else [],
            "seeds": list(seeds),
            "systems": {
                name: {
                    metric: _spread([values[metric] for values in by_seed])
                    for metric in dict.fromkeys((*METRICS, *by_seed[0]))
                }
                for name, by_seed in means.items()
            },
            "ratio_to_like_share": _spread(ratio) if ratio else None,
            "groups": {
                group: {
                    "people": len(first[MODEL].groups[group]),
                    "ndcg": {
                        name: _spread(
                            [
                                float(np.mean(records[name].groups[group]))
                                for records in seeds.values()
                                if records[name].groups.get(group)
                            ]
                        )
                        for name in first
                    },
                }
                for group in group_names
            },
        }

    def _means(self, setting: str, seed: int, record: SystemRecord) -> dict[str, float]:
        means = {name: float(np.mean(values)) for name, values in record.values.items()}
        means["coverage"] = len(record.shown) / max(len(self.rated_films[setting, seed]), 1)
        return means


def candidates_alone(split: Split, cases: Iterable[Case], artefact: Artefact) -> Iterable[Case]:
    """The cases, in which every film that is not in question is excluded."""
    if split.candidates is None:
        return cases
    others = np.setdiff1d(np.arange(len(artefact.movie_ids), dtype=np.int32), split.candidates)
    return [replace(case, excluded=others) for case in cases]


def measure_list(
    shown: NDArray[np.integer],
    case: Case,
    artefact: Artefact,
    information: NDArray[np.float64],
    k: int,
    *,
    recalls: Sequence[int] = (),
) -> dict[str, float]:
    """Every measure of one person's list of ``k`` films, and the recall of shorter lists as ``recall@20``."""
    return {
        **{f"recall@{count}": metrics.recall_at_k(shown, case.relevant, count) for count in recalls},
        "ndcg": metrics.ndcg_at_k(shown, case.relevant, k),
        "recall": metrics.recall_at_k(shown, case.relevant, k),
        "map": metrics.average_precision_at_k(shown, case.relevant, k),
        "mrr": metrics.reciprocal_rank_at_k(shown, case.relevant, k),
        "novelty": metrics.novelty(shown, information, k),
        "diversity": metrics.genre_diversity(shown, artefact.genres, k),
    }


def groups_of(person: Demographics) -> tuple[str, ...]:
    """The age group and the gender of a person, as far as known."""
    groups = []
    if person.age is not None:
        band = int(np.digitize(person.age, AGE_BANDS[1:]))
        low = AGE_BANDS[band]
        if band + 1 == len(AGE_BANDS):
            groups.append(f"{low} and over")
        else:
            high = AGE_BANDS[band + 1]
            groups.append(f"{low} to {high - 1}" if low else f"under {high}")
    if person.gender is not None:
        groups.append(GENDER_NAMES.get(person.gender, person.gender))
    return tuple(groups)


def activity_of(case: Case) -> tuple[str, ...]:
    """How many ratings the model was told of a person, as a group; none where nothing was told."""
    ratings = len(case.history)
    if not ratings:
        return ()
    place = int(np.digitize(ratings, ACTIVITY))
    if place == len(ACTIVITY):
        return (f"{ACTIVITY[-1]} ratings and more",)
    return (
        f"{ACTIVITY[place - 1]} to {ACTIVITY[place] - 1} ratings"
        if place
        else f"under {ACTIVITY[0]} ratings",
    )


def spread_over_seeds(by_seed: Mapping[int, Mapping[str, float]]) -> dict[str, Any]:
    """Mean and standard deviation over seeds of every figure, such as those of :mod:`recommendations.evaluation.taste`."""
    names = dict.fromkeys(name for figures in by_seed.values() for name in figures)
    return {
        name: _spread([figures[name] for figures in by_seed.values() if name in figures]) for name in names
    }


def _group_order(name: str) -> tuple[int, int, str]:
    """Age groups, then genders and others, then numbers of ratings."""
    first = name.split()[0]
    begin = int(first) if first.isdecimal() else 0
    if "ratings" in name:
        return 2, begin, name
    return (0 if begin or name.startswith("under") else 1), begin, name


def _spread(values: list[float]) -> dict[str, Any]:
    mean, deviation = metrics.mean_and_deviation(values)
    return {"mean": mean, "std": deviation, "seeds": values}
