"""The parameters of jobs: the one table from which the form, the body of the API and the command line are made."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from recommendations.models import Job, ModelVersion
from recommendations.services.jobs.states import JobParametersError

Kind = Job.Kind


@dataclass(frozen=True)
class Parameter:
    """A parameter of the ``kinds``: a version, one of the ``choices`` (value to label), or a flag.

    ``label``, ``help`` and the labels of ``choices`` are marked for translation, and translated where they are shown.
    """

    name: str
    kinds: tuple[str, ...]
    default: Any
    label: str
    help: str
    choices: Mapping[str, str] | None = None

    @property
    def is_flag(self) -> bool:
        return isinstance(self.default, bool)

    def check(self, value: Any) -> Any:
        """The value itself.

        Raises
        ------
        JobParametersError
            If the parameter does not take it.
        """
        if self.is_flag:
            fits, sentence = isinstance(value, bool), _("%(name)s is %(value)s; expected true or false.")
        elif self.choices is not None:
            fits = value in list(self.choices)
            sentence = _("%(name)s is %(value)s; expected one of: %(known)s.")
        else:
            fits = value == "" or (isinstance(value, str) and _is_version(value))
            sentence = _("There is no model version %(value)s; the registry lists those that exist.")
        if not fits:
            details = {"name": self.name, "value": value, "known": ", ".join(sorted(self.choices or ()))}
            raise JobParametersError(sentence % details)
        return value


def _is_version(name: str) -> bool:
    return ModelVersion.objects.filter(version=name).exists()


_LEARNING = (Kind.TRAIN, Kind.EVALUATE, Kind.PIPELINE)
PARAMETERS = (
    Parameter(
        "weighting",
        _LEARNING,
        default="likes",
        label=gettext_noop("Learn"),
        help=gettext_noop("Learn what people like, or any film that they watch."),
        choices={
            "likes": gettext_noop("what people like"),
            "any": gettext_noop("any film that people watch"),
        },
    ),
    Parameter(
        "site_ratings",
        (Kind.INGEST, Kind.PROFILE, *_LEARNING),
        default=False,
        label=gettext_noop("With the ratings of this site"),
        help=gettext_noop("Train on the ratings of people with an account as well."),
    ),
    Parameter(
        "force",
        (Kind.PIPELINE,),
        default=False,
        label=gettext_noop("Even if nothing has changed"),
        help=gettext_noop("Train again with the same data, parameters and program."),
    ),
    Parameter(
        "version",
        (Kind.EVALUATE, Kind.PUBLISH),
        default="",
        label=gettext_noop("Version"),
        help=gettext_noop(
            "Which version to measure, on the data that it was trained on, or whose indices to build. "
            "Without one: what “Learn” says is measured, and the champion’s indices are built."
        ),
    ),
)


def value_label(parameter: Parameter | None, value: Any) -> str:
    """What a parameter was set to, in words and in the active language."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if parameter is not None and parameter.choices is not None and value in parameter.choices:
        return _(parameter.choices[value])
    return str(value) if value not in ("", None) else _("the champion") if parameter else "–"


def parameters_of(kind: str) -> dict[str, Parameter]:
    """What jobs of this kind take, by name."""
    return {parameter.name: parameter for parameter in PARAMETERS if kind in parameter.kinds}


def add_arguments(parser: ArgumentParser, kind: str) -> None:
    """The same as options of a command."""
    for name, parameter in parameters_of(kind).items():
        option = f"--{name.replace('_', '-')}"
        if parameter.is_flag:
            parser.add_argument(option, action="store_true", help=parameter.help)
        else:
            parser.add_argument(
                option,
                choices=sorted(parameter.choices) if parameter.choices else None,
                default=parameter.default,
                help=f"{parameter.help} (default: {parameter.default})",
            )


def check_parameters(kind: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """All parameters of the kind: those given, checked, and the defaults of the others.

    Raises
    ------
    JobParametersError
        If the kind or a parameter is unknown, or a value is not one that the parameter takes.
    """
    if kind not in Kind.values:
        raise JobParametersError(
            _("There is no kind of job “%(kind)s”; expected one of: %(known)s.")
            % {"kind": kind, "known": ", ".join(Kind.values)}
        )
    known = parameters_of(kind)
    for name in parameters:
        if name not in known:
            raise JobParametersError(
                _("A job of the kind %(kind)s takes no parameter “%(name)s”; it takes: %(known)s.")
                % {"kind": kind, "name": name, "known": ", ".join(known)}
            )
    return {
        name: parameter.check(parameters.get(name, parameter.default)) for name, parameter in known.items()
    }
