"""Loaded into schemathesis' process: it may revoke any token but the one that it works with."""

from __future__ import annotations

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
