"""Kinds of films: how often everybody's ratings are of each genre and decade."""

from __future__ import annotations

import numpy as np

from recommendations.ranking.blocks.kinds import Kinds, KindsParameters, make_kinds
from recommendations.ranking.parameters import Parameters
from spark_jobs.training.base import BlockTraining, Trained, TrainingData


class KindsTraining(BlockTraining):
    """Needs no sums: the films' own facts and their numbers of ratings say all."""

    block = Kinds

    def is_wanted(self, parameters: Parameters) -> bool:
        own = parameters.of(KindsParameters)
        return bool(own.genres or own.decades)

    def solve(self, data: TrainingData) -> Trained:
        count = np.bincount(data.people.items, minlength=data.films).astype(np.int32)
        return Trained(make_kinds(data.genres, data.decades, count, data.data_set.genres))
