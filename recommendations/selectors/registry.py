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
    """The version that was the champion before this one; it is kept for rolling back."""
    events = champion.promotions.exclude(previous=None).exclude(previous=champion)
    last = events.select_related("previous").first()
    return last.previous if last else None


def last_event() -> PromotionEvent | None:
    """The last switch of the champion."""
    return PromotionEvent.objects.select_related("version", "previous", "by").first()


def refused_version(*, fingerprint: str) -> ModelVersion | None:
    """A version of the same data, parameters and program that the gate, or an operator by rolling back, refused.

    Training it once more would come to the same.
    """
    rows = ModelVersion.objects.filter(fingerprint=fingerprint, pruned_at=None)
    refused = rows.filter(state=ModelVersion.State.CANDIDATE, gate__outcome="refused").first()
    if refused is not None:
        return refused
    event = last_event()
    if event is None or event.previous is None or event.kind != PromotionEvent.Kind.ROLLBACK:
        return None
    return rows.filter(pk=event.previous.pk).first()


def versions_listed() -> QuerySet[ModelVersion]:
    """All versions, newest first, with their parents."""
    return ModelVersion.objects.select_related("parent")


def version_by_name(name: str) -> ModelVersion | None:
    """The version with its promotions at hand, or None. Two queries."""
    rows = versions_listed().prefetch_related("promotions__by", "promotions__previous", "promotions__version")
    return rows.filter(version=name).first()
