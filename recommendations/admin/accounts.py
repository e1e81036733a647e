"""People with an account, and who of them may do what."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User

# Whoever could write these could give themselves everything; roles are enough for everybody else.
ONLY_SUPERUSERS = ("is_superuser", "user_permissions")


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Roles are given as groups. Superusers, and what makes one, are only for superusers to change."""

    list_display = ("username", "email", "role_names", "is_staff", "is_active", "date_joined", "last_login")
    list_filter = ("groups", "is_staff", "is_superuser", "is_active", "occupation", "gender")
    search_fields = ("username", "email", "first_name", "last_name")
    date_hierarchy = "date_joined"
    fieldsets = (
        *(UserAdmin.fieldsets or ()),
        (_("Taste profile"), {"fields": ("age", "gender", "occupation", "postcode")}),
    )

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=_("roles"))
    def role_names(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all()) or "–"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = tuple(super().get_readonly_fields(request, obj))
        return fields if request.user.is_superuser else (*fields, *ONLY_SUPERUSERS)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self._within_reach(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self._within_reach(request, obj)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Superusers among the chosen accounts are protected, whoever else is chosen with them."""
        deleted, counts, missing, protected = super().get_deleted_objects(objs, request)
        if not request.user.is_superuser:
            protected = [*protected, *(str(user) for user in objs if user.is_superuser)]
        return deleted, counts, missing, protected

    @staticmethod
    def _within_reach(request: HttpRequest, obj: Any) -> bool:
        return obj is None or request.user.is_superuser or not obj.is_superuser
