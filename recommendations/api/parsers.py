"""Reads a JSON body, strictly and within bounds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError, UnsupportedMediaType
from rest_framework.parsers import BaseParser

from recommendations.web.problems import BodyTooLargeError

MAX_BODY_BYTES = 1_000_000
MAX_LINES_BYTES = 8_000_000


class StrictJSONParser(BaseParser):
    """A JSON object in UTF-8, as RFC 8259 means it: no NaN, no name twice in an object, no endless nesting.

    REST framework's own parser reads any charset Python knows and a body of any length.
    """

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """The object in ``stream``.

        Raises
        ------
        UnsupportedMediaType, BodyTooLargeError, ParseError
        """
        raw = _read(stream, parser_context, MAX_BODY_BYTES)
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            sentence = _("The body is not valid UTF-8 at byte %(position)s.") % {"position": error.start}
            raise ParseError(sentence) from error
        return read_object(text)


def read_object(text: str) -> dict[str, Any]:
    """The JSON object that ``text`` is.

    Raises
    ------
    ParseError
        With a sentence about "the body".
    """
    try:
        read = json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
    except RecursionError as error:
        raise ParseError(_("The body is nested too deeply.")) from error
    except json.JSONDecodeError as error:
        where = {"line": error.lineno, "column": error.colno}
        sentence = _("The body is not valid JSON at line %(line)s, column %(column)s.") % where
        raise ParseError(sentence) from error
    except ValueError as error:  # a whole number with thousands of digits
        raise ParseError(_("The body contains a number that is too long.")) from error
    if not isinstance(read, dict):
        raise ParseError(_("The body is not a JSON object. Send one such as {}."))
    return read


class LinesParser(BaseParser):
    """The bytes of a body of one JSON object per line; who reads the lines refuses those that do not fit."""

    media_type = "application/x-ndjson"

    def parse(  # type: ignore[override]  # bytes are what such a body is
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """The body as it was sent.

        Raises
        ------
        UnsupportedMediaType, BodyTooLargeError
        """
        return _read(stream, parser_context, MAX_LINES_BYTES)


class JsonLinesParser(LinesParser):
    """The same under another name of the format."""

    media_type = "application/jsonl"


def _read(stream: IO[Any], parser_context: Mapping[str, Any] | None, limit: int) -> bytes:
    charset = str((parser_context or {}).get("encoding") or "utf-8")
    if charset.lower() not in ("utf-8", "utf8"):
        raise UnsupportedMediaType(charset, _("JSON is read as UTF-8; leave the charset out."))
    raw = stream.read(limit + 1)
    if len(raw) > limit:
        raise BodyTooLargeError(_("The body is longer than %(limit)s bytes.") % {"limit": limit})
    return raw


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ParseError(_("The body has an object that gives the same name twice."))
    return made


def _refuse_constant(name: str) -> NoReturn:
    raise ParseError(_("The body contains %(name)s, which is not JSON.") % {"name": name})
