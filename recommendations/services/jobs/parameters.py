"""Which parameters each kind of job takes, and what they may be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from recommendations.models import Job, ModelVersion
from recommendations.ranking.parameters import BY_WEIGHTING
from recommendations.services.jobs.states import JobParametersError

Kind = Job.Kind


def _weighting(value: Any) -> str:
    if value not in BY_WEIGHTING:
        raise JobParametersError(
            _("weighting is %(value)s; expected one of: %(known)s.")
            % {"value": value, "known": ", ".join(sorted(BY_WEIGHTING))}
        )
    return str(value)


def _flag(name: str) -> Callable[[Any], bool]:
    def check(value: Any) -> bool:
        if type(value) is not bool:
            raise JobParametersError(
                _("%(name)s is %(value)s; expected true or false.") % {"name": name, "value": value}
            )
        return value

    return check


def _version(value: Any) -> str:
    if not isinstance(value, str) or (value and not ModelVersion.objects.filter(version=value).exists()):
        raise JobParametersError(
            _("There is no model version %(value)s; the registry lists those that exist.") % {"value": value}
        )
    return value


_DATA: dict[str, tuple[Callable[[Any], Any], Any]] = {"site_ratings": (_flag("site_ratings"), False)}
_LEARN = {**_DATA, "weighting": (_weighting, "likes")}
#: By kind: parameter → its check and its default.
KNOWN: dict[str, dict[str, tuple[Callable[[Any], Any], Any]]] = {
    Kind.INGEST: _DATA,
    Kind.PROFILE: _DATA,
    Kind.TRAIN: _LEARN,
    Kind.EVALUATE: _LEARN,
    Kind.PUBLISH: {"version": (_version, "")},
    Kind.PIPELINE: {**_LEARN, "force": (_flag("force"), False)},
}


def check_parameters(kind: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """All parameters of the kind: those given, checked, and the defaults of the others.

    ``site_ratings``: train on the ratings of people with an account as well; ``weighting``: ``likes`` or ``any``;
    ``force``: train even if nothing has changed; ``version``: whose indices to build (default: the champion's).

    Raises
    ------
    JobParametersError
        If the kind or a parameter is unknown, or a value is not one that the parameter takes.
    """
    if kind not in KNOWN:
        raise JobParametersError(
            _("There is no kind of job “%(kind)s”; expected one of: %(known)s.")
            % {"kind": kind, "known": ", ".join(KNOWN)}
        )
    known = KNOWN[kind]
    for name in parameters:
        if name not in known:
            raise JobParametersError(
                _("A job of the kind %(kind)s takes no parameter “%(name)s”; it takes: %(known)s.")
                % {"kind": kind, "name": name, "known": ", ".join(known)}
            )
    return {name: check(parameters.get(name, default)) for name, (check, default) in known.items()}
