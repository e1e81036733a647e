"""Loaded into schemathesis' process: it may revoke any token but the one that it works with."""

from __future__ import annotations

import json
import os
import uuid

import schemathesis


@schemathesis.hook
def before_call(context, case, kwargs):
    """Another reference instead of the own one, which a list of tokens has told."""
    own = os.environ["FUZZING_TOKEN_REFERENCE"]
    parameters = case.path_parameters or {}
    if str(parameters.get("reference", "")).lower() == own:
        case.path_parameters = {**parameters, "reference": str(uuid.uuid4())}


@schemathesis.serializer("application/x-ndjson")
def lines(context, value):
    """One JSON object in each line, which is what the schema's lists of these bodies mean."""
    rows = value if isinstance(value, list) else [value]
    return "".join(json.dumps(row) + "\n" for row in rows).encode()
