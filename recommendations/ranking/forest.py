"""A fitted random forest as flat arrays, and its prediction in NumPy.

The site predicts with it, because scikit-learn and what it brings would double the memory of a web process.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# Rows predicted together: with 150 trees and 23 outputs, their leaves take 2 MB.
ROWS_AT_ONCE = 64


@dataclass(frozen=True, eq=False)
class Forest:
    """``t`` trees with ``n`` nodes altogether that predict ``o`` outputs.

    ``roots`` (t,) are the trees' first nodes. A row goes from a node to ``left`` (n,) if its ``feature`` (n,) is not
    above the ``threshold`` (n,), otherwise to ``right`` (n,). A leaf is its own left and right; any other node comes
    before both of its children, so that every way ends. ``values`` (n, o) are the means of the training rows there.

    Raises
    ------
    ValueError
        If the shapes do not fit together, a number is not finite, or a node leads nowhere.
    """

    roots: NDArray[np.int32]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    feature: NDArray[np.int16]
    threshold: Floats
    values: Floats

    def __post_init__(self) -> None:
        nodes = len(self.values)
        if self.values.ndim != 2 or self.roots.ndim != 1 or not len(self.roots):
            raise ValueError(
                f"roots {self.roots.shape} and values {self.values.shape}; expected (t,) and (n, o)"
            )
        for name in ("left", "right", "feature", "threshold"):
            if getattr(self, name).shape != (nodes,):
                raise ValueError(f"{name} has shape {getattr(self, name).shape}, expected ({nodes},)")
        if not (np.isfinite(self.threshold).all() and np.isfinite(self.values).all()):
            raise ValueError("a threshold or a value is NaN or infinity")
        own = np.arange(nodes)
        leaf = (self.left == own) & (self.right == own)
        inner = (own < self.left) & (self.left < nodes) & (own < self.right) & (self.right < nodes)
        known = (self.roots >= 0) & (self.roots < nodes)
        if not ((leaf | inner).all() and known.all() and (self.feature >= 0).all()):
            raise ValueError("a node leads to one that is not below it")

    @classmethod
    def from_scikit_learn(cls, fitted: Any) -> Forest:
        """Take the trees out of a fitted ``RandomForestRegressor``. Only its attributes are read."""
        trees = [estimator.tree_ for estimator in fitted.estimators_]
        roots = np.cumsum([0, *(tree.node_count for tree in trees)])[:-1]
        left = np.concatenate([tree.children_left + root for tree, root in zip(trees, roots, strict=True)])
        right = np.concatenate([tree.children_right + root for tree, root in zip(trees, roots, strict=True)])
        feature = np.concatenate([tree.feature for tree in trees])
        leaf = feature < 0
        own = np.arange(len(feature))
        return cls(
            roots=roots.astype(np.int32),
            left=np.where(leaf, own, left).astype(np.int32),
            right=np.where(leaf, own, right).astype(np.int32),
            feature=np.where(leaf, 0, feature).astype(np.int16),
            threshold=np.where(leaf, 0.0, np.concatenate([tree.threshold for tree in trees])),
            values=np.concatenate([tree.value[:, :, 0] for tree in trees]),
        )

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Return the arrays by name, for saving."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def predict(self, features: Floats) -> Floats:
        """Mean over the trees (m, o) for each row of ``features`` (m, columns), which must be finite.

        Features are rounded to single precision and thresholds are not, as in scikit-learn.
        """
        rows = features.astype(np.float32)
        predicted = np.empty((len(rows), self.values.shape[1]))
        for start in range(0, len(rows), ROWS_AT_ONCE):
            span = slice(start, start + ROWS_AT_ONCE)
            predicted[span] = self.values[self._leaves(rows[span])].sum(axis=1) / len(self.roots)
        return predicted

    def _leaves(self, rows: NDArray[np.float32]) -> NDArray[np.int32]:
        """The leaf of each row in each tree (m, t)."""
        numbers = np.arange(len(rows))[:, None]
        nodes = np.repeat(self.roots[None], len(rows), axis=0)
        while True:
            goes_left = rows[numbers, self.feature[nodes]] <= self.threshold[nodes]
            below = np.where(goes_left, self.left[nodes], self.right[nodes])
            if np.array_equal(below, nodes):
                return nodes
            nodes = below
