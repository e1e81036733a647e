"""The small made-up ratings as the protocols read them, without Spark."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from recommendations.evaluation.protocols import with_positions
from tests.sample_data import write_sample

FILMS = 80


def sample_ratings(folder: Path) -> pd.DataFrame:
    """All ratings of the sample, in order, with film positions."""
    columns = ["user_id", "movie_id", "stars", "rated_at"]
    ratings = pd.read_csv(write_sample(folder, films=FILMS) / "u.data", sep="\t", names=columns)
    return with_positions(ratings, np.arange(1, FILMS + 1))
