"""What there is to read about model versions and who promoted them."""

from __future__ import annotations

from django.db.models import QuerySet

from recommendations.models import ModelVersion, PromotionEvent

# For operators; visitors read what web/problems.py says.
NO_MODEL = "There is no model yet; train one with: manage.py run_pipeline"


def champion_row() -> ModelVersion | None:
    """The registry's row of the champion, if there is one."""
    return ModelVersion.objects.filter(state=ModelVersion.State.CHAMPION).first()


def predecessor_of(champion: ModelVersion) -> ModelVersion | None:
    """The last champion before this one that nobody has rolled away from; it is kept, and rolling back goes there.

    So rolling back twice goes back twice, and never forward to the version that was left for a reason. A version that
    is promoted once more counts anew; one that was pruned cannot be returned to. Two queries.
    """
    line, _left = _history()
    kept = ModelVersion.objects.exclude(pk=champion.pk).filter(pk__in=line, pruned_at=None).in_bulk()
    return next((kept[earlier] for earlier in reversed(line) if earlier in kept), None)


def _history() -> tuple[list[int], set[int]]:
    """The champions up to the present one without those that somebody has rolled away from; and these. One query."""
    line: list[int] = []
    left: set[int] = set()
    events = PromotionEvent.objects.exclude(kind=PromotionEvent.Kind.REBUILD).order_by("created_at", "pk")
    for kind, version, previous in events.values_list("kind", "version_id", "previous_id"):
        if kind == PromotionEvent.Kind.ROLLBACK:
            left.add(previous)
            line = [earlier for earlier in line if earlier != previous]
            while line and line[-1] != version:
                line.pop()
        elif previous is not None and line[-1:] != [previous]:
            line.append(previous)
        left.discard(version)
        if line[-1:] != [version]:
            line.append(version)
    return line, left


def last_event() -> PromotionEvent | None:
    """The last switch of the champion."""
    return PromotionEvent.objects.select_related("version", "previous", "by").first()


def refused_version(*, fingerprint: str) -> ModelVersion | None:
    """A version of the same data, parameters and program that the gate, or an operator by rolling back, refused.

    Training it once more would come to the same.
    """
    rows = ModelVersion.objects.filter(fingerprint=fingerprint, pruned_at=None)
    refused = rows.filter(state=ModelVersion.State.CANDIDATE, gate__outcome="refused").first()
    return refused or rows.filter(pk__in=_history()[1]).first()


def roll_back_from(version: ModelVersion) -> PromotionEvent | None:
    """The last time that somebody rolled away from this version, and why."""
    return PromotionEvent.objects.filter(kind=PromotionEvent.Kind.ROLLBACK, previous=version).first()


def versions_listed() -> QuerySet[ModelVersion]:
    """All versions, newest first, with their parents."""
    return ModelVersion.objects.select_related("parent")


def version_by_name(name: str) -> ModelVersion | None:
    """The version with its promotions at hand, or None. Two queries."""
    rows = versions_listed().prefetch_related("promotions__by", "promotions__previous", "promotions__version")
    return rows.filter(version=name).first()
