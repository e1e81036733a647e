"""As much of Prometheus' query language as the alert rules use, over two looks at /metrics.

``increase`` is the difference of the two looks; a series that only the second one has began at 0.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Mapping

from prometheus_client.parser import text_string_to_metric_families

Labels = frozenset[tuple[str, str]]
Vector = dict[Labels, float]
_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|([a-zA-Z_:][\w:]*)|(\{[^}]*\})|(\[[^\]]*\])|(==|>=|<=|[><()/]))")
_LABEL = re.compile(r'(\w+)(=~|=)"([^"]*)"')
_COMPARISONS = {"==": operator.eq, ">": operator.gt, "<": operator.lt, ">=": operator.ge, "<=": operator.le}
EMPTY: Labels = frozenset()


class Looks:
    """Two answers of /metrics, one after the other."""

    def __init__(self, before: str, after: str) -> None:
        self._before, self._after = _series(before), _series(after)
        self.names = {name for name, _labels in self._after}

    def evaluate(self, expression: str) -> Vector:
        """The vector that the expression gives; a rule fires if it is not empty."""
        tokens = [next(part for part in found.groups() if part) for found in _TOKEN.finditer(expression)]
        if "".join(tokens) != re.sub(r"\s", "", expression):
            raise ValueError(f"cannot read {expression!r}")
        self._tokens = tokens
        value = self._conjunction()
        if self._tokens:
            raise ValueError(f"left over: {self._tokens}")
        return value if isinstance(value, dict) else {EMPTY: value}

    def _conjunction(self) -> Vector | float:
        value = self._comparison()
        while self._next() == "and":
            self._take("and")
            other = self._comparison()
            value = {key: number for key, number in _vector(value).items() if key in _vector(other)}
        return value

    def _comparison(self) -> Vector | float:
        value = self._quotient()
        if self._next() in _COMPARISONS:
            compare, limit = _COMPARISONS[self._take()], self._quotient()
            assert isinstance(limit, float)
            return {key: number for key, number in _vector(value).items() if compare(number, limit)}
        return value

    def _quotient(self) -> Vector | float:
        value = self._term()
        while self._next() == "/":
            self._take("/")
            other = _vector(self._term())
            value = {key: n / other[key] for key, n in _vector(value).items() if other.get(key)}
        return value

    def _term(self) -> Vector | float:
        token = self._take()
        if token[0].isdigit():
            return float(token)
        if token in ("sum", "absent", "increase"):
            self._take("(")
            inner = self._selector(self._take()) if token == "increase" else _vector(self._term())
            if token == "increase":
                assert re.fullmatch(r"\[\d+[mh]\]", self._take())
                earlier = self._selected(self._before)
                inner = {key: number - earlier.get(key, 0.0) for key, number in inner.items()}
            self._take(")")
            if token == "sum":
                return {EMPTY: sum(inner.values())} if inner else {}
            return ({} if inner else {EMPTY: 1.0}) if token == "absent" else inner
        return self._selector(token)

    def _selector(self, name: str) -> Vector:
        found = self._take() if (self._next() or "").startswith("{") else "{}"
        self._wanted = (name, _LABEL.findall(found))
        return self._selected(self._after)

    def _selected(self, series: Mapping[tuple[str, Labels], float]) -> Vector:
        name, wanted = self._wanted
        return {
            labels: value
            for (metric, labels), value in series.items()
            if metric == name and all(_fits(dict(labels), *condition) for condition in wanted)
        }

    def _next(self) -> str | None:
        return self._tokens[0] if self._tokens else None

    def _take(self, expected: str | None = None) -> str:
        token = self._tokens.pop(0)
        assert expected in (None, token), (expected, token)
        return token


def _fits(labels: Mapping[str, str], name: str, how: str, value: str) -> bool:
    own = labels.get(name, "")
    return own == value if how == "=" else re.fullmatch(value, own) is not None


def _vector(value: Vector | float) -> Vector:
    assert isinstance(value, dict)
    return value


def _series(text: str) -> dict[tuple[str, Labels], float]:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
