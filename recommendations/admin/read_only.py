"""Rows that the program alone writes: the admin shows them, and offers neither forms nor bulk edits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.decorators import method_decorator
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.roles import user_of
from recommendations.errors import MovierecError
from recommendations.services.audit import record_act
from recommendations.services.stored_sentences import in_english


class PlainListAdmin(admin.ModelAdmin):
    """A list is called by what is in it; Django asks to “select a job to view”."""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        title = capfirst(str(self.opts.verbose_name_plural))
        return super().changelist_view(request, {"title": title, **(extra_context or {})})


class ReadOnlyAdmin(PlainListAdmin):
    """Whoever may view the rows sees them; nobody adds, changes or deletes one here."""

    actions: Any = None

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def require(self, request: HttpRequest, action: str) -> None:
        """Refuse whoever has not the model's permission ``action`` (``view``, ``add`` or ``change``).

        Raises
        ------
        PermissionDenied
        """
        if not self.may(request, action):
            raise PermissionDenied

    def may(self, request: HttpRequest, action: str) -> bool:
        """Whether the person has the model's permission ``action``."""
        return request.user.has_perm(f"{self.opts.app_label}.{action}_{self.opts.model_name}")

    def page(self, request: HttpRequest, title: Any, **more: Any) -> dict[str, Any]:
        """The context that every page of the admin needs, with ``more``."""
        return {**self.admin_site.each_context(request), "title": title, "opts": self.opts, **more}

    def to_page_of(self, row: Model) -> HttpResponse:
        """To the page of a row."""
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", row.pk)

    def write_down(self, request: HttpRequest, row: Model, sentence: str, **values: Any) -> None:
        """Enter a privileged act into the audit log: one of the sentences of ``stored_sentences``, with these values."""
        record_act(by=user_of(request), on=row, message=in_english(sentence, **values))


class DetailAdmin(ReadOnlyAdmin):
    """A row has a page of its own, ``detail_template``, instead of Django's form without inputs."""

    detail_template: str

    def details(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """What the page of ``row`` shows besides the row; its ``title`` where that is not the row's name."""
        raise NotImplementedError

    @method_decorator(require_safe)
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        self.require(request, "view")
        row = self.get_object(request, object_id)
        if row is None:
            # To the admin's start page with a message that there is no such row, as Django's own pages do.
            missing: HttpResponse = self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
            return missing
        shown = {"title": str(row), "row": row, **self.details(request, row)}
        return TemplateResponse(request, self.detail_template, self.page(request, **shown))

    def act_on(
        self, request: HttpRequest, number: int, form: Form, act: Callable[..., Any], title: str, button: str
    ) -> HttpResponse:
        """The form before ``act``, which takes the row and what was filled in, and may refuse; then the page of the row."""
        self.require(request, "change")
        row = get_object_or_404(self.model, pk=number)
        if request.method == "POST" and form.is_valid():
            try:
                act(row, **form.cleaned_data)
            except MovierecError as error:
                form.add_error(None, str(error))
            else:
                self.message_user(request, _("Done; it is in the audit log."), messages.SUCCESS)
                return self.to_page_of(row)
        page = self.page(request, title % {"name": row}, form=form, button=button)
        return TemplateResponse(request, "admin/recommendations/form_page.html", page)
