"""Writes the Python client in clients/python from the API's schema: one module per subject, one method per operation.

Usage: python manage.py spectacular --format openapi-json | python scripts/make_client.py

The client needs nothing but Python. ``connection.py`` in the same folder is written by hand; the modules beside it are not.
"""

from __future__ import annotations

import json
import re
import sys
import textwrap
from collections import defaultdict
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parents[1] / "clients" / "python" / "movierec_client"
NOTICE = "Made by scripts/make_client.py from the API's schema; changes by hand are lost."
TYPES = {"integer": "int", "number": "float", "boolean": "bool", "string": "str"}
LINE, WIDTH = 110, 106
NDJSON = "application/x-ndjson"


def modules(schema: dict[str, Any]) -> dict[str, str]:
    """File name → text of each module for this OpenAPI schema."""
    by_tag: dict[str, list[str]] = defaultdict(list)
    for address, operations in schema["paths"].items():
        for method, operation in operations.items():
            if method != "parameters":
                by_tag[operation["tags"][0]].append(_method(address, method, operation))
    made = {f"{_name(tag)}.py": _module(tag, methods) for tag, methods in by_tag.items()}
    return {**made, "__init__.py": _package(sorted(by_tag), schema["info"]["version"])}


def _name(text: str) -> str:
    return re.sub(r"\W+", "_", text).strip("_").lower()


def _class(tag: str) -> str:
    return "".join(word.capitalize() for word in _name(tag).split("_"))


def _module(tag: str, methods: list[str]) -> str:
    code = "\n\n".join(methods)
    abstract = ", ".join(name for name in ("Iterable", "Mapping") if f"{name}[" in code)
    segment = ", segment" if "{segment(" in code else ""
    return (
        f'"""{tag} of the API. {NOTICE}"""\n\nfrom __future__ import annotations\n\n'
        + (f"from collections.abc import {abstract}\n" if abstract else "")
        + f"from typing import Any\n\nfrom movierec_client.connection import Connection{segment}\n\n\n"
        + f'class {_class(tag)}:\n    """The operations under “{tag}”."""\n\n'
        + "    def __init__(self, connection: Connection) -> None:\n        self._connection = connection\n\n"
        + code
        + "\n"
    )


def _package(tags: list[str], version: str) -> str:
    names = {_name(tag): _class(tag) for tag in tags} | {"connection": "Connection, Problem"}
    imports = "".join(f"from movierec_client.{name} import {names[name]}\n" for name in sorted(names))
    made = "".join(f"        self.{_name(tag)} = {_class(tag)}(connection)\n" for tag in tags)
    return (
        f'"""A client of movierec\'s API. {NOTICE}"""\n\nfrom __future__ import annotations\n\n{imports}\n'
        f'__all__ = ["Client", "Problem"]\n__version__ = "{version}"\n\n\n'
        'class Client:\n    """Everything that the API can do, by subject.\n\n'
        "    ``site`` is the address without ``/api``, ``token`` one that begins with ``mrec_``; public operations need none.\n"
        '    """\n\n'
        '    def __init__(self, site: str, token: str = "", *, seconds: float = 60.0) -> None:\n'
        f"        connection = Connection(site, token, seconds=seconds)\n{made}"
    )


def _method(address: str, method: str, operation: dict[str, Any]) -> str:
    given = operation.get("parameters", ())
    in_path = [one for one in given if one["in"] == "path"]
    asked = [one for one in given if one["in"] == "query" and not one.get("deprecated")]
    content = operation.get("requestBody", {}).get("content", {})
    must = bool(operation.get("requestBody", {}).get("required"))
    as_lines = NDJSON in content
    arguments = [f"{_name(one['name'])}: {_type(one)}" for one in in_path]
    if content:
        body = "lines: Iterable[Mapping[str, Any]]" if as_lines else "body: Mapping[str, Any]"
        arguments.append(body if must or as_lines else f"{body} | None = None")
    query = [one for one in asked if one.get("required")] + [one for one in asked if not one.get("required")]
    if query:
        arguments.append("*")
    arguments += [
        f"{_name(one['name'])}: {_type(one)}" + ("" if one.get("required") else " | None = None")
        for one in query
    ]
    path = re.sub(r"\{(\w+)\}", r"{segment(\1)}", address)
    call = [f'"{method.upper()}"', ("f" if "{" in path else "") + f'"{path}"']
    if query:
        named = [f'"{one["name"]}": {_name(one["name"])}' for one in query]
        line = f"            query={{{', '.join(named)}}},"
        if len(line) > LINE:
            line = "query={\n" + "".join(f"                {one},\n" for one in named) + "            }"
        call.append(line.strip().removesuffix(","))
    if content:
        call.append("lines=lines" if as_lines else "body=body")
    lines = [operation["summary"].rstrip(".") + "."]
    notes = [
        f"``{_name(one['name'])}``: {one['description']}"
        for one in (*in_path, *query)
        if one.get("description")
    ]
    text = _documented(lines, [operation.get("description", ""), *notes])
    head = _in_lines(f"    def {operation['operationId']}(", ["self", *arguments], ") -> Any:")
    return f"{head}\n{text}" + _in_lines("        return self._connection.call(", call, ")")


def _in_lines(start: str, parts: list[str], end: str) -> str:
    """On one line if it fits, else one part per line, as a formatter would have it."""
    line = f"{start}{', '.join(parts)}{end}"
    if len(line) <= LINE:
        return line
    indent = " " * (len(start) - len(start.lstrip()))
    inner = f"{indent}    {', '.join(parts)}"
    if len(inner) <= LINE:
        return f"{start}\n{inner}\n{indent}{end}"
    return f"{start}\n" + "".join(f"{indent}    {part},\n" for part in parts) + f"{indent}{end}"


def _type(parameter: dict[str, Any]) -> str:
    return TYPES.get(parameter["schema"].get("type", ""), "str")


def _documented(first: list[str], paragraphs: list[str]) -> str:
    wrapped = [
        textwrap.fill(
            re.sub(r"\s+", " ", part).replace("\\", "\\\\"),
            WIDTH,
            initial_indent=" " * 8,
            subsequent_indent=" " * 8,
        )
        for part in (*first, *filter(None, paragraphs))
    ]
    return '        """' + "\n\n".join(wrapped).strip() + '\n        """\n'


def main() -> None:
    """Read the schema from standard input and write the modules."""
    for name, text in modules(json.load(sys.stdin)).items():
        (PACKAGE / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
