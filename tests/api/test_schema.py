"""The schema: what to send and what comes back is described and shown for every operation, and the examples are true."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator

METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)


def operations(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path in schema["paths"].values():
        yield from (path[method] for method in METHODS if method in path)


def shown(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each body and answer with a content, with a name for messages; failures too."""
    for operation in operations(schema):
        name = operation["operationId"]
        for kind, content in operation.get("requestBody", {}).get("content", {}).items():
            yield f"{name}, body as {kind}", content
        for status, answer in operation["responses"].items():
            for kind, content in answer.get("content", {}).items():
                yield f"{name}, {status} as {kind}", content


def as_json_schema(part: Any) -> Any:
    """OpenAPI 3.0 in the words of JSON Schema; whatever is not described is forbidden, to find what is out of date."""
    if isinstance(part, list):
        return [as_json_schema(item) for item in part]
    if not isinstance(part, dict):
        return part
    made = {name: as_json_schema(value) for name, value in part.items() if name != "nullable"}
    if isinstance(part.get("properties"), dict) and "type" in part:
        made.setdefault("additionalProperties", False)
    for bound in ("minimum", "maximum"):  # in OpenAPI 3.0 the exclusive ones are flags beside these
        if made.pop(f"exclusive{bound.capitalize()}", None) is True:
            made[f"exclusive{bound.capitalize()}"] = made.pop(bound)
    return {"anyOf": [made, {"type": "null"}]} if part.get("nullable") is True else made


def test_every_body_and_answer_has_an_example(schema):
    missing = [name for name, content in shown(schema) if not content.get("examples")]
    assert missing == []
    assert len(list(shown(schema))) > 300  # and they are really looked at


def test_every_example_fits_its_schema(schema):
    components = as_json_schema(schema["components"])
    wrong = []
    for name, content in shown(schema):
        validator = Draft202012Validator(
            {**as_json_schema(content["schema"]), "components": components},
            format_checker=Draft202012Validator.FORMAT_CHECKER,
        )
        for title, example in content.get("examples", {}).items():
            wrong += [
                f"{name}, “{title}”: {error.json_path}: {error.message}"
                for error in validator.iter_errors(example["value"])
            ]
    assert wrong == []


def test_whatever_can_be_sent_is_described(schema):
    components = schema["components"]["schemas"]
    bare = []
    for operation in operations(schema):
        name = operation["operationId"]
        bare += [f"{name}: {part}" for part in ("summary", "description", "tags") if not operation.get(part)]
        bare += [
            f"{name}: {parameter['name']}"
            for parameter in operation.get("parameters", ())
            if not parameter.get("description")
        ]
        for content in operation.get("requestBody", {}).get("content", {}).values():
            body = components[content["schema"]["$ref"].rpartition("/")[2]]
            bare += [
                f"{name}: {field}" for field, told in body["properties"].items() if "description" not in told
            ]
    assert bare == []


def parts(part: Any) -> Iterator[dict[str, Any]]:
    """Every object in the schema."""
    if isinstance(part, dict):
        yield part
        for value in part.values():
            yield from parts(value)
    elif isinstance(part, list):
        for value in part:
            yield from parts(value)


def test_what_linters_ask_for_is_there(schema):
    assert [server["url"] for server in schema["servers"]] == ["/"]
    assert schema["info"]["license"]["name"] == "MIT"
    assert schema["info"]["contact"]
    assert [part for part in parts(schema) if part.get("nullable") is True and "type" not in part] == []
    referred = {part["$ref"] for part in parts(schema) if isinstance(part.get("$ref"), str)}
    assert {f"#/components/schemas/{name}" for name in schema["components"]["schemas"]} <= referred
    told = schema["components"]["schemas"]["Account"]["properties"]["gender"]
    assert (told["type"], told["nullable"]) == ("string", True)


def test_what_anybody_may_call_needs_no_token(schema):
    security = {operation["operationId"]: operation["security"] for operation in operations(schema)}
    public = {name for name, needed in security.items() if needed == []}
    assert public == {
        *("accounts_create", "tokens_create"),
        *("films_described", "films_list", "films_read", "films_similar", "films_suggest"),
        *("recommendations", "recommendations_preview", "recommendations_batch", "events_add"),
        "model_card_read",
    }
    others = [needed for name, needed in security.items() if name not in public]
    assert all({} not in needed and needed for needed in others)


def test_what_is_sent_has_its_bounds(schema):
    bodies = schema["components"]["schemas"]
    assert bodies["RatingsBody"]["properties"]["ratings"]["minItems"] == 1
    assert bodies["BatchRequest"]["properties"]["people"]["minItems"] == 1
    account = bodies["NewAccount"]["properties"]
    assert (account["username"]["minLength"], account["password"]["minLength"]) == (1, 8)
    for name in ("ann", "jean-françois", "a.b+c_d-1"):
        assert re.search(account["username"]["pattern"], name)
    for name in ("ann b", "ann@example.org", "a/b", "", "a\x00"):
        assert not re.search(account["username"]["pattern"], name)
    assert bodies["NewToken"]["required"] == ["password", "username"]
    for body in bodies.values():
        if body.get("additionalProperties") is False:
            for name, told in body["properties"].items():
                if told.get("type") == "string" and "enum" not in told and "format" not in told:
                    assert told["maxLength"] >= told.get("minLength", 0), name


def test_dials_have_one_way_to_be_written_and_the_other_is_deprecated(schema):
    told = {one["name"]: one for one in schema["paths"]["/api/v1/recommendations/"]["get"]["parameters"]}
    old = {name for name, one in told.items() if one.get("deprecated")}
    assert old == {"genres", "discovery", "decade", "diversity"}
    assert "deprecated" not in told["dials"]


def test_every_answer_tells_the_quota(schema):
    for operation in operations(schema):
        for answer in operation["responses"].values():
            assert {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"} <= set(answer["headers"])


def test_the_needed_scope_and_role_are_told(schema):
    told = {operation["operationId"]: operation["description"] for operation in operations(schema)}
    assert told["me_read"].endswith("A token needs the scope `read`.")
    assert told["tokens_revoke"].endswith("A token needs the scope `write`.")
    assert told["jobs_list"].endswith("the scope `operate`. For the roles viewer, operator, admin.")
    assert told["jobs_submit"].endswith("the scope `operate`. For the roles operator, admin.")
    assert not any("scope" in told[name] for name in ("tokens_create", "films_list", "recommendations"))
