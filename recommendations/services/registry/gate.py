"""The promotion gate: is a version good enough to become the champion by itself?

On each of the stated protocols (``PROMOTION_PROTOCOLS``) its own evaluation must show that it beats the list of the
most popular films, and that it loses no more than ``PROMOTION_MARGIN`` of the champion's nDCG, if that
was trained on the same data set. Where
they were measured, its predicted stars must be better than biases alone and no worse than the champion's, and a clear
taste must show in its lists as in the champion's. With fewer people than ``PROMOTION_MIN_PEOPLE`` in its data the figures say nothing, and it passes unjudged.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from recommendations.evaluation.names import BIASES, MODEL, POPULARITY
from recommendations.evaluation.targets import LOW, STARS_SLACK, TASTE_SLACK
from recommendations.models import ModelVersion
from recommendations.ranking.dataset import DataSet
from recommendations.services.figures import MEASURE_DIGITS, figure

PASSED, REFUSED, UNJUDGED = "passed", "refused", "unjudged"


@dataclass(frozen=True)
class Finding:
    """Something that the gate holds against a version, or why it cannot judge.

    ``value`` is the version's figure and ``other`` what it was compared with: nDCG, RMSE, numbers of people, or what
    ``figure`` names.
    """

    code: str
    protocol: str = ""
    value: float = 0.0
    other: float = 0.0
    against: str = ""
    figure: str = ""


@dataclass(frozen=True)
class Verdict:
    """``passed``, ``refused`` or ``unjudged``, and what led to it. Only a refusal keeps a candidate back."""

    outcome: str
    findings: tuple[Finding, ...] = ()

    @property
    def refused(self) -> bool:
        return self.outcome == REFUSED

    @property
    def is_unmeasured(self) -> bool:
        """True if figures are missing, which a job can find."""
        return any(finding.code == "unmeasured" for finding in self.findings)

    def as_dict(self) -> dict[str, Any]:
        """For the registry; :func:`verdict_of` reads it back."""
        return {"outcome": self.outcome, "findings": [asdict(finding) for finding in self.findings]}

    def sentences(self) -> list[str]:
        """The findings in the active language; one sentence if there is nothing to hold against the version."""
        if self.outcome == PASSED and not self.findings:
            return [_("It beats the most popular films and does not fall behind the champion.")]
        return [_sentence(finding) for finding in self.findings]


def judge_version(version: ModelVersion) -> Verdict:
    """Hold a version's own evaluation against popularity and against the present champion's."""
    people = int(version.metrics.get("people") or 0)
    if people and people < settings.PROMOTION_MIN_PEOPLE:
        return Verdict(UNJUDGED, (Finding("few_people", value=people, other=settings.PROMOTION_MIN_PEOPLE),))
    champion = ModelVersion.objects.filter(state=ModelVersion.State.CHAMPION).exclude(pk=version.pk).first()
    # How well people can be told apart differs from data set to data set: such figures are not compared.
    same_data = champion is None or data_set_of(champion) == data_set_of(version)
    rival = champion if same_data else None
    findings = []
    for protocol in settings.PROMOTION_PROTOCOLS:
        own = ndcg_of(version, protocol)
        popularity = ndcg_of(version, protocol, system=POPULARITY)
        if own is None or popularity is None:
            findings.append(Finding("unmeasured", protocol))
            continue
        if own <= popularity:
            findings.append(Finding("below_popularity", protocol, own, popularity))
        before = ndcg_of(rival, protocol) if rival else None
        if rival and before is not None and own < before * (1 - settings.PROMOTION_MARGIN):
            findings.append(Finding("below_champion", protocol, own, before, rival.version))
    findings += [*_stars_findings(version, rival), *_taste_findings(version, rival)]
    if findings:
        return Verdict(REFUSED, tuple(findings))
    if champion is None or rival is not None:
        return Verdict(PASSED)
    return Verdict(PASSED, (Finding("other_data", against=data_set_of(champion)),))


def data_set_of(version: ModelVersion) -> str:
    """The name of the data set that it was trained on."""
    return str(version.metrics.get("data_set") or DataSet().name)


def _stars_findings(version: ModelVersion, champion: ModelVersion | None) -> list[Finding]:
    own, biases = (figure_of(version, "stars", "rmse", system=system) for system in (MODEL, BIASES))
    if own is None:
        return []
    findings = []
    if biases is not None and own >= biases:
        findings.append(Finding("stars_no_better_than_biases", "stars", own, biases))
    before = figure_of(champion, "stars", "rmse") if champion else None
    if champion and before is not None and own > before * (1 + STARS_SLACK):
        findings.append(Finding("stars_worse_than_champion", "stars", own, before, champion.version))
    return findings


def _taste_findings(version: ModelVersion, champion: ModelVersion | None) -> list[Finding]:
    findings: list[Finding] = []
    if champion is None:
        return findings
    for name, slack in TASTE_SLACK.items():
        own, before = (figure_of(row, "taste", name) for row in (version, champion))
        if own is None or before is None:
            continue
        lost = own - before if name.endswith(LOW) else before - own
        if lost > slack:
            findings.append(
                Finding("taste_below_champion", "taste", own, before, champion.version, figure=name)
            )
    return findings


def verdict_of(version: ModelVersion) -> Verdict | None:
    """What the gate found when the version was last judged; None if it never was."""
    if not version.gate:
        return None
    return Verdict(version.gate["outcome"], tuple(Finding(**finding) for finding in version.gate["findings"]))


def ndcg_of(version: ModelVersion, protocol: str, *, system: str = MODEL) -> float | None:
    """nDCG at 10 of a system in the version's own evaluation, if it was measured."""
    return figure_of(version, protocol, "ndcg", system=system)


def figure_of(version: ModelVersion | None, protocol: str, name: str, *, system: str = MODEL) -> float | None:
    """A figure of a system in the version's own evaluation, if it was measured."""
    measured = version.metrics.get(protocol, {}) if version else {}
    figure = measured.get(system, {}).get(name)
    return None if figure is None else float(figure)


def _sentence(finding: Finding) -> str:
    known = {
        "few_people": _(
            "Its data hold %(value)s people; with fewer than %(other)s the figures say nothing, and it is not judged."
        ),
        "unmeasured": _(
            "It was not measured on the protocol %(protocol)s. Run a job “evaluation” for this version; it is judged by "
            "what that finds."
        ),
        "other_data": _(
            "It beats the most popular films; the champion was trained on other data (%(against)s), so they are not compared."
        ),
        "below_popularity": _(
            "On the protocol %(protocol)s it reaches nDCG %(value)s, the most popular films %(other)s."
        ),
        "below_champion": _(
            "On the protocol %(protocol)s it reaches nDCG %(value)s, the champion %(against)s %(other)s; "
            "at most %(margin)s %% less is allowed."
        ),
        "stars_no_better_than_biases": _(
            "Its predicted stars miss by %(value)s (RMSE), those from biases alone by %(other)s."
        ),
        "stars_worse_than_champion": _(
            "Its predicted stars miss by %(value)s (RMSE), those of the champion %(against)s by %(other)s."
        ),
        "taste_below_champion": _(
            "A clear taste shows less in its lists: “%(figure)s” is %(value)s, the champion %(against)s has %(other)s."
        ),
    }
    digits = 0 if finding.code == "few_people" else MEASURE_DIGITS
    return known[finding.code] % {
        "protocol": finding.protocol,
        "value": figure(finding.value, digits),
        "other": figure(finding.other, digits),
        "against": finding.against,
        "figure": _(finding.figure) if finding.figure else "",
        "margin": figure(100 * settings.PROMOTION_MARGIN, 1),
    }
