"""The house in the admin: rules about lists with a preview before they are saved, labels for films, the order of rows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import user_of
from recommendations.admin.read_only import DetailAdmin, PlainListAdmin
from recommendations.models import HouseRule, HouseTag, ListRandomisation, Movie, PageRow
from recommendations.ranking.house import DECADE, GENRE, KEY
from recommendations.ranking.randomised import MOST_SHARE, POOL
from recommendations.selectors.house_preview import RulePreview, preview_rule
from recommendations.selectors.lists.champion import champion_data
from recommendations.selectors.lists.house import ROW_KINDS, house_state
from recommendations.selectors.lists.person import RecommendationError
from recommendations.services.house import end_rule, make_rule, order_rows, randomise_lists

_SALT = "movierec.previewed-rule"
ROW_LABELS = {
    "rating": gettext_lazy("Because you loved …"),
    "profile": gettext_lazy("Popular with people like you"),
    "decade": gettext_lazy("From the decade that fits"),
    "discovery": gettext_lazy("Off the beaten track"),
    "trending-7": gettext_lazy("Trending, seven days"),
    "trending-30": gettext_lazy("Trending, thirty days"),
    "new": gettext_lazy("New here"),
    "gems": gettext_lazy("Hidden gems"),
}


class RuleForm(forms.ModelForm):
    """A rule; ``previewed`` is the seal of the preview that was shown for exactly these values."""

    previewed = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = HouseRule
        fields = ("name", "act", "field", "value", "strength", "audience", "starts_on", "ends_on")
        widgets = {name: forms.DateInput(attrs={"type": "date"}) for name in ("starts_on", "ends_on")}

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "field" in given and "value" in given:
            given["value"] = self._value(given["field"], given["value"].strip())
        starts, ends = given.get("starts_on"), given.get("ends_on")
        if starts and ends and ends < starts:
            raise ValidationError({"ends_on": _("The last day is before the first one.")})
        return given

    def _value(self, field: str, value: str) -> str:
        """The value as the data writes it; what the data do not have is refused where it was typed."""
        if field == GENRE:
            genres = champion_data().genres
            found = {genre.casefold(): genre for genre in genres}
            if value.casefold() not in found:
                details = {"genre": value, "genres": ", ".join(genres)}
                self.add_error("value", _("“%(genre)s” is no genre of the data: %(genres)s.") % details)
            return found.get(value.casefold(), value)
        if field == DECADE:
            digits = value.removesuffix("s")
            if not (digits.isdigit() and len(digits) == 4 and digits.endswith("0")):
                self.add_error("value", _("Write a decade as its first year, such as 1990."))
            return digits
        if field == KEY:
            if not Movie.objects.filter(key=value).exists():
                self.add_error("value", _("No film has the key “%(key)s”.") % {"key": value})
        elif not HouseTag.objects.filter(name=value).exists():
            self.add_error("value", _("There is no house tag “%(tag)s”; make it first.") % {"tag": value})
        return value

    def rule(self) -> HouseRule:
        """The rule, not saved."""
        return HouseRule(**{name: self.cleaned_data[name] for name in self.Meta.fields})

    @property
    def seal(self) -> str:
        """What a preview of these values is sealed with."""
        values = [str(self.cleaned_data[name]) for name in self.Meta.fields]
        return signing.dumps(values, salt=_SALT)

    @property
    def was_previewed(self) -> bool:
        """Whether somebody has seen the preview of exactly these values."""
        try:
            seen = signing.loads(self.cleaned_data["previewed"], salt=_SALT)
        except signing.BadSignature:
            return False
        return bool(seen == [str(self.cleaned_data[name]) for name in self.Meta.fields])


class RowsForm(forms.Form):
    """A number and a tick for each row."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = house_state().places
        said = {row.kind: row.place for row in PageRow.objects.all()}
        ordered = sorted(ROW_KINDS, key=lambda kind: places.get(kind, said.get(kind, ROW_KINDS.index(kind))))
        for place, kind in enumerate(ordered, start=1):
            label = ROW_LABELS[kind]
            self.fields[f"place-{kind}"] = forms.IntegerField(
                label=gettext_lazy("Place of “%(row)s”") % {"row": label},
                min_value=1,
                max_value=99,
                initial=place,
            )
            self.fields[f"shown-{kind}"] = forms.BooleanField(
                label=gettext_lazy("Show “%(row)s”") % {"row": label}, required=False, initial=kind in places
            )

    def save(self, request: HttpRequest) -> None:
        """Keep the order."""
        given = self.cleaned_data
        order_rows(
            places={kind: given[f"place-{kind}"] for kind in ROW_KINDS},
            shown={kind: given[f"shown-{kind}"] for kind in ROW_KINDS},
            by=user_of(request),
        )


class RandomisationForm(forms.Form):
    """The share of lists in a drawn order, in per cent."""

    percent = forms.FloatField(
        label=gettext_lazy("Share of lists in a drawn order, in per cent"),
        min_value=0,
        max_value=100 * MOST_SHARE,
        widget=forms.NumberInput(attrs={"step": "any"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["percent"].initial = percent_drawn()
        self.fields["percent"].help_text = _(
            "0 draws none. In these lists, which are those of some people for a day, the %(films)s best films stand in an order "
            "that chance draws. Only from them the comparison of versions can tell what another version would have come to; "
            "5 is much. Lists of visits, of experiments, with filters or with turned dials are never drawn, and films that the "
            "house has picked and new films keep their places."
        ) % {"films": POOL}


def percent_drawn() -> float:
    """The share of lists in a drawn order, in per cent."""
    return round(100 * ListRandomisation.now().share, 6)


@admin.register(HouseRule)
class HouseRuleAdmin(DetailAdmin):
    """Making needs the permission ``add_houserule``, ending and ordering rows ``change_houserule``."""

    list_display = (
        "name",
        "act",
        "field",
        "value",
        "audience",
        "starts_on",
        "ends_on",
        "made_by",
        "ended_at",
    )
    list_filter = ("act", "audience")
    search_fields = ("name", "value")
    list_select_related = ("made_by",)
    change_list_template = "admin/recommendations/houserule/change_list.html"
    detail_template = "admin/recommendations/houserule/detail.html"

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("make/", view(self.make), name="recommendations_houserule_make"),
            path("rows/", view(self.rows), name="recommendations_houserule_rows"),
            path("randomised/", view(self.randomised), name="recommendations_houserule_randomised"),
            path("<int:number>/end/", view(self.end), name="recommendations_houserule_end"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        more = {
            "may_make": self.may(request, "add"),
            "may_order": self.may(request, "change"),
            "percent_drawn": percent_drawn(),
        }
        return super().changelist_view(request, more)

    def make(self, request: HttpRequest) -> HttpResponse:
        self.require(request, "add")
        form = RuleForm(request.POST or None)
        preview: RulePreview | None = None
        if request.method == "POST" and form.is_valid():
            if "save" in request.POST and form.was_previewed:
                rule = make_rule(
                    by=user_of(request), **{name: form.cleaned_data[name] for name in form.Meta.fields}
                )
                self.message_user(request, _("The rule holds from the next list on."), messages.SUCCESS)
                return self.to_page_of(rule)
            try:
                preview = preview_rule(form.rule())
            except RecommendationError as error:
                form.add_error(None, str(error))
            else:
                data = request.POST.copy()
                data["previewed"] = form.seal
                form.data = data
        page = self.page(request, _("Make a rule"), form=form, preview=preview)
        return TemplateResponse(request, "admin/recommendations/houserule/make.html", page)

    def rows(self, request: HttpRequest) -> HttpResponse:
        self.require(request, "change")
        form = RowsForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            form.save(request)
            self.message_user(request, _("The rows have their new order."), messages.SUCCESS)
            return redirect("admin:recommendations_houserule_changelist")
        page = self.page(request, _("Order the rows of the list page"), form=form, button=_("Save"))
        return TemplateResponse(request, "admin/recommendations/form_page.html", page)

    def randomised(self, request: HttpRequest) -> HttpResponse:
        self.require(request, "change")
        form = RandomisationForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            randomise_lists(share=form.cleaned_data["percent"] / 100, by=user_of(request))
            self.message_user(request, _("Done; it is in the audit log."), messages.SUCCESS)
            return redirect("admin:recommendations_houserule_changelist")
        page = self.page(request, _("Lists in a drawn order"), form=form, button=_("Save"))
        return TemplateResponse(request, "admin/recommendations/form_page.html", page)

    def end(self, request: HttpRequest, number: int) -> HttpResponse:
        def act(rule: HouseRule) -> None:
            end_rule(rule=rule, by=user_of(request))

        return self.act_on(request, number, forms.Form(request.POST), act, _("End %(name)s"), _("End it"))

    def details(self, request: HttpRequest, row: HouseRule) -> dict[str, Any]:
        preview, trouble = None, ""
        if row.ended_at is None:
            try:
                preview = preview_rule(row)
            except RecommendationError as error:
                trouble = str(error)
        return {"preview": preview, "trouble": trouble, "may_change": self.may(request, "change")}


@admin.register(HouseTag)
class HouseTagAdmin(PlainListAdmin):
    """Labels; the films are chosen by number, or from the list that the magnifying glass opens."""

    list_display = ("name",)
    search_fields = ("name",)
    raw_id_fields = ("movies",)
