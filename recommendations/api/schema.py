"""Describes an operation: its answers, and every failure that it shares with the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema

from recommendations.api.examples import problem_answers, problem_examples

_ALWAYS = (400, 401, 406, 429)
_WITH_BODY = (413, 415)


def described(
    *,
    answers: dict[int, Any],
    examples: Sequence[OpenApiExample],
    problems: Sequence[int] = (),
    signed_in: bool = True,
    **told: Any,
) -> Callable[[Any], Any]:
    """``extend_schema`` with the failures that any operation may answer with, each with an example.

    ``problems`` are the failures of this operation besides those of wrong requests, tokens and rates.
    """
    statuses = {*_ALWAYS, *problems, *((403,) if signed_in else ())}
    if told.get("request") is not None:
        statuses |= set(_WITH_BODY)
    ordered = sorted(statuses)
    return extend_schema(
        responses={**answers, **problem_answers(ordered)},
        examples=[*examples, *problem_examples(ordered, examples)],
        **told,
    )


def answer_example(name: str, value: Any, status: int = 200) -> OpenApiExample:
    """An example of an answer."""
    return OpenApiExample(name, value=value, response_only=True, status_codes=[str(status)])


def request_example(name: str, value: Any) -> OpenApiExample:
    """An example of a body."""
    return OpenApiExample(name, value=value, request_only=True)
