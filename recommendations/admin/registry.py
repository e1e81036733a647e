"""Model versions in the admin: look, compare, promote, roll back. Nobody edits or deletes a row by hand."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import user_of
from recommendations.admin.comparison import compare_page, indices_page, lists_page
from recommendations.admin.read_only import DetailAdmin, ReadOnlyAdmin
from recommendations.admin.registry_forms import SwitchForm
from recommendations.models import ModelVersion, PromotionEvent
from recommendations.models.registry import LONGEST_NOTE
from recommendations.selectors.registry import champion_row, predecessor_of
from recommendations.services.figures import figure
from recommendations.services.registry.gate import judge_version, ndcg_of, verdict_of
from recommendations.services.registry.publishing import REFUSALS, promote_by_hand, roll_back
from recommendations.services.stored_sentences import SWITCHED, SWITCHED_OVERRIDDEN, in_active_language
from recommendations.services.ticking import NoteError, tick_off_version, write_note


class PrunedFilter(admin.SimpleListFilter):
    """Versions whose files are still there, or those that the policy has pruned."""

    title = gettext_lazy("files")
    parameter_name = "pruned"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [("no", _("kept")), ("yes", _("pruned"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ModelVersion]) -> QuerySet[ModelVersion]:
        if self.value() not in {"no", "yes"}:
            return queryset
        return queryset.filter(pruned_at__isnull=self.value() == "no")


@admin.register(ModelVersion)
class ModelVersionAdmin(DetailAdmin):
    """Promoting and rolling back need the permission ``change_modelversion``; looking needs ``view_modelversion``."""

    list_display = ("version", "state_badge", "gate_badge", "ndcg", "created_at", "short_note")
    list_filter = ("state", PrunedFilter)
    date_hierarchy = "created_at"
    search_fields = ("version", "fingerprint", "data_digest", "note")
    actions = ("compare_selected",)
    change_list_template = "admin/recommendations/modelversion/change_list.html"
    detail_template = "admin/recommendations/modelversion/version.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("compare/", view(require_safe(self.compare)), name="recommendations_modelversion_compare"),
            path("lists/", view(require_safe(self.lists)), name="recommendations_modelversion_lists"),
            path("indices/", view(require_safe(self.indices)), name="recommendations_modelversion_indices"),
            path("roll-back/", view(self.roll_back), name="recommendations_modelversion_roll_back"),
            path(
                "<int:number>/seen/", view(require_POST(self.seen)), name="recommendations_modelversion_seen"
            ),
            path(
                "<int:number>/note/", view(require_POST(self.note)), name="recommendations_modelversion_note"
            ),
            path("<int:number>/promote/", view(self.promote), name="recommendations_modelversion_promote"),
            *super().get_urls(),
        ]

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_badge(self, row: ModelVersion) -> str:
        return format_html('<span class="state state-{}">{}</span>', row.state, row.get_state_display())

    @admin.display(description=gettext_lazy("gate"))
    def gate_badge(self, row: ModelVersion) -> str:
        verdict = verdict_of(row)
        if verdict is None:
            return "–"
        names = {"passed": _("passed"), "refused": _("refused"), "unjudged": _("not judged")}
        title = " ".join(verdict.sentences())
        return format_html(
            '<span class="state gate-{}" title="{}">{}</span>', verdict.outcome, title, names[verdict.outcome]
        )

    @admin.display(description=gettext_lazy("note"), ordering="note")
    def short_note(self, row: ModelVersion) -> str:
        return Truncator(row.note).chars(80)

    @admin.display(description="nDCG@10")
    def ndcg(self, row: ModelVersion) -> str:
        return figure(ndcg_of(row, "temporal"))

    @admin.action(description=gettext_lazy("Compare the selected versions"), permissions=["view"])
    def compare_selected(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        wanted = "&".join(f"version={name}" for name in queryset.values_list("version", flat=True))
        return HttpResponseRedirect(f"{reverse('admin:recommendations_modelversion_compare')}?{wanted}")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"may_switch": self._may_roll_back(request)})

    def details(self, request: HttpRequest, row: ModelVersion) -> dict[str, Any]:
        verdict = verdict_of(row)
        return {
            "verdict": verdict,
            "sentences": verdict.sentences() if verdict else [],
            "ndcg": ndcg_of(row, "temporal"),
            "promotions": row.promotions.select_related("by", "previous"),
            "parameters": _flat(row.parameters),
            "may_measure": self.may_run(request) and row.pruned_at is None,
            "may_build": self.may_run(request) and row.pruned_at is None and not row.index_label,
            "may_write": self.may(request, "change"),
            "longest_note": LONGEST_NOTE,
            "may_promote": self.may(request, "change") and not row.is_champion and row.pruned_at is None,
            "may_roll_back": row.is_champion and self._may_roll_back(request),
        }

    def compare(self, request: HttpRequest) -> HttpResponse:
        self.require(request, "view")
        return compare_page(request, self.page(request, _("Compare versions")))

    def lists(self, request: HttpRequest) -> HttpResponse:
        self.require(request, "view")
        return lists_page(request, self.page(request, _("Before and after")))

    def indices(self, request: HttpRequest) -> HttpResponse:
        self.require(request, "view")
        return indices_page(request, self.page(request, _("Indices")))

    def promote(self, request: HttpRequest, number: int) -> HttpResponse:
        self.require(request, "change")
        row, champion = get_object_or_404(ModelVersion, pk=number), champion_row()
        verdict = judge_version(row)
        seen = champion.version if champion else ""
        form = SwitchForm(request.POST or None, refused=verdict.refused, initial={"champion": seen})
        return self._switch_page(
            request,
            form,
            _("Promote %(version)s") % {"version": row.version},
            partial(promote_by_hand, version=row),
            row=row,
            champion=champion,
            verdict=verdict,
            sentences=verdict.sentences(),
            way_out=self._way_to_figures(request, row) if verdict.is_unmeasured else "",
        )

    def _way_to_figures(self, request: HttpRequest, row: ModelVersion) -> str:
        """The form that measures the version, for those who may send it."""
        if not self.may_run(request):
            return ""
        return f"{reverse('admin:recommendations_job_add')}?{urlencode({'kind': 'evaluate', 'version': row.version})}"

    def roll_back(self, request: HttpRequest) -> HttpResponse:
        self.require(request, "change")
        champion = champion_row()
        target = predecessor_of(champion) if champion else None
        if champion is None or target is None:
            self.message_user(request, _("There is no earlier version to go back to."), messages.WARNING)
            return HttpResponseRedirect(reverse("admin:recommendations_modelversion_changelist"))
        verdict = verdict_of(target)
        refused = verdict is not None and verdict.refused
        return self._switch_page(
            request,
            SwitchForm(request.POST or None, refused=refused, initial={"champion": champion.version}),
            _("Roll back to %(version)s") % {"version": target.version},
            roll_back,
            row=target,
            champion=champion,
            verdict=verdict,
            judged_before=True,
            sentences=verdict.sentences() if verdict else [],
        )

    def seen(self, request: HttpRequest, number: int) -> HttpResponse:
        self.require(request, "change")
        tick_off_version(version=get_object_or_404(ModelVersion, pk=number), by=user_of(request))
        return HttpResponseRedirect(reverse("admin:index"))

    def note(self, request: HttpRequest, number: int) -> HttpResponse:
        self.require(request, "change")
        row = get_object_or_404(ModelVersion, pk=number)
        try:
            write_note(version=row, note=request.POST.get("note", ""), by=user_of(request))
        except NoteError as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            self.message_user(request, _("The note is kept."), messages.SUCCESS)
        return self.to_page_of(row)

    def _switch_page(
        self,
        request: HttpRequest,
        form: SwitchForm,
        title: str,
        switch: Callable[..., PromotionEvent],
        **context: Any,
    ) -> HttpResponse:
        """The form, or what ``switch`` did with it."""
        if request.method == "POST" and form.is_valid():
            given = dict(form.cleaned_data)
            try:
                event = switch(by=request.user, seen_champion=given.pop("champion"), **given)
            except REFUSALS as error:
                form.add_error(None, str(error))
            else:
                return self._switched(request, event)
        page = self.page(request, title, form=form, media=self.media + form.media, **context)
        return TemplateResponse(request, "admin/recommendations/modelversion/switch.html", page)

    def _switched(self, request: HttpRequest, event: PromotionEvent) -> HttpResponse:
        previous = event.previous.version if event.previous else "–"
        self.write_down(
            request,
            event.version,
            SWITCHED_OVERRIDDEN if event.overridden else SWITCHED,
            kind=capfirst(event.Kind(event.kind).label),
            previous=previous,
            version=event.version.version,
            reason=event.reason,
        )
        self.message_user(
            request,
            _("%(version)s is the champion now; every process answers from it.")
            % {"version": event.version.version},
            messages.SUCCESS,
        )
        return self.to_page_of(event.version)

    @staticmethod
    def may_run(request: HttpRequest) -> bool:
        """Whether the person may start jobs, which are the way out of most refusals."""
        return request.user.has_perm("recommendations.add_job")

    def _may_roll_back(self, request: HttpRequest) -> bool:
        if not self.may(request, "change"):
            return False
        champion = champion_row()
        return champion is not None and predecessor_of(champion) is not None


@admin.register(PromotionEvent)
class PromotionEventAdmin(ReadOnlyAdmin):
    """Who made which version the champion, when and why."""

    list_display = ("version", "kind", "gate", "why", "by", "created_at", "previous")
    list_filter = ("kind", "overridden")
    date_hierarchy = "created_at"
    search_fields = ("version__version", "reason", "by__username")
    list_select_related = ("version", "previous", "by")

    @admin.display(description=gettext_lazy("reason"), ordering="reason")
    def why(self, event: PromotionEvent) -> str:
        return format_html('<span class="wide-text">{}</span>', in_active_language(event.reason))

    @admin.display(description=gettext_lazy("gate"), ordering="overridden")
    def gate(self, event: PromotionEvent) -> str:
        """Only an override stands out; Django would give it a green tick, and everything normal a red cross."""
        if not event.overridden:
            return "–"
        return format_html('<span class="state gate-overridden">{}</span>', _("overridden"))


def _flat(parameters: dict[str, Any]) -> list[tuple[str, Any]]:
    """Parameters in the order of their names, those of a block as ``block.name``."""
    rows: dict[str, Any] = {}
    for name, value in parameters.items():
        rows |= (
            {f"{name}.{own}": of_block for own, of_block in value.items()}
            if isinstance(value, dict)
            else {name: value}
        )
    return sorted(rows.items())
