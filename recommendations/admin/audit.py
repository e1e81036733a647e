"""The audit log: every privileged act in the admin, by whom and when."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from recommendations.admin.read_only import ReadOnlyAdmin
from recommendations.services.stored_sentences import in_active_language


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnlyAdmin):
    """Rows that Django's admin and the pages for jobs and versions write; nobody can change or delete them."""

    list_display = ("action_time", "user", "what", "target")
    list_display_links = ("action_time",)
    list_filter = ("action_flag", ("content_type", admin.RelatedOnlyFieldListFilter))
    search_fields = ("object_repr", "change_message", "user__username")
    list_select_related = ("user", "content_type")
    date_hierarchy = "action_time"

    @admin.display(description=gettext_lazy("on"))
    def target(self, entry: LogEntry) -> str:
        address = None if entry.is_deletion() else entry.get_admin_url()
        name = in_active_language(entry.object_repr)
        kind = entry.content_type.name if entry.content_type else ""
        shown = format_html('<a href="{}">{}</a>', address, name) if address else name
        return format_html('{} <span class="quiet">{}</span>', shown, kind)

    @admin.display(description=gettext_lazy("what"))
    def what(self, entry: LogEntry) -> str:
        return format_html('<span class="wide-text">{}</span>', self._sentence(entry))

    @staticmethod
    def _sentence(entry: LogEntry) -> str:
        # Of a row that was deleted Django keeps no sentence.
        return in_active_language(entry.get_change_message()) or entry.get_action_flag_display()
