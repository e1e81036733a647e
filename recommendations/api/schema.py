"""Describes an operation: its answers, and every failure that it shares with the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.permissions import AllowAny

from recommendations.api.examples import problem_answers, problem_examples
from recommendations.api.permissions import MayTell

_ALWAYS = (400, 401, 406, 429)
_WITH_BODY = (413, 415)


def header(name: str, description: str, *, answers: Sequence[int] = (), kind: type = str) -> OpenApiParameter:
    """A header of the request, or with ``answers`` of the answers with these statuses."""
    return OpenApiParameter(
        name, kind, OpenApiParameter.HEADER, description=description, response=list(answers) or False
    )


_QUOTA = {
    "RateLimit-Limit": "So many requests are allowed in the current window.",
    "RateLimit-Remaining": "So many of them are left.",
    "RateLimit-Reset": "The window ends in so many seconds.",
}
RETRY_AFTER = header("Retry-After", "Ask again after so many seconds.", answers=(429, 503), kind=int)
ETAG = header("ETag", "Names this state, for `If-None-Match`.", answers=(200, 304))
IF_NONE_MATCH = header(
    "If-None-Match", "The `ETag` that is known; if it still holds, the answer is an empty 304."
)
IF_MATCH = header("If-Match", "The `ETag` of the rating that is to be changed; if it is another by now: 412.")


def described(
    *,
    answers: Mapping[Any, Any],
    examples: Sequence[OpenApiExample],
    problems: Sequence[int] = (),
    signed_in: bool = True,
    **options: Any,
) -> Callable[[Any], Any]:
    """``extend_schema`` with the failures that any operation may answer with, each with an example.

    ``problems`` are the failures of this operation besides those of wrong requests, tokens and rates.
    """
    statuses = {*_ALWAYS, *problems, *((403,) if signed_in else ())}
    if options.get("request") is not None:
        statuses |= set(_WITH_BODY)
    ordered = sorted(statuses)
    # The key of an answer is its status, or status and media type.
    given = [key[0] if isinstance(key, tuple) else key for key in answers]
    quota = [header(name, meaning, answers=[*given, *ordered], kind=int) for name, meaning in _QUOTA.items()]
    parameters = [*options.pop("parameters", ()), RETRY_AFTER, *quota]
    return extend_schema(
        responses={**answers, **problem_answers(ordered)},
        examples=[*examples, *problem_examples(ordered, examples)],
        parameters=parameters,
        **options,
    )


def answer_example(name: str, value: Any, status: int = 200) -> OpenApiExample:
    """An example of an answer."""
    return OpenApiExample(name, value=value, response_only=True, status_codes=[str(status)])


def request_example(name: str, value: Any) -> OpenApiExample:
    """An example of a body."""
    return OpenApiExample(name, value=value, request_only=True)


class AccessSchema(AutoSchema):
    """Adds to each description which scope and which role the operation needs, as its permissions say it."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """The operation, with a sentence per permission that has one."""
        operation = super().get_operation(*args, **kwargs)
        if operation is not None:
            needs = [
                permission.in_words(self.view, self.method)
                for permission in self.view.get_permissions()
                if hasattr(permission, "in_words")
            ]
            operation["description"] = " ".join([operation.get("description", ""), *needs]).strip()
            if all(isinstance(permission, (AllowAny, MayTell)) for permission in self.view.get_permissions()):
                # A token may be sent and then counts for its person, but no client has to have one.
                operation["security"] = []
        return operation


def deprecate_parameters(result: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
    """Says of a deprecated query parameter that it is, and not of its type only, which linters refuse."""
    for path in result["paths"].values():
        for operation in path.values():
            for parameter in operation.get("parameters", ()):
                if parameter["schema"].pop("deprecated", False):
                    parameter["deprecated"] = True
    return result
