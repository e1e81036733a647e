"""People with an account, and who of them may do what."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from recommendations.admin.read_only import PlainListAdmin
from recommendations.services.account.deletion import delete_account, leaves_no_administrator

# Whoever could write these could give themselves everything; roles are enough for everybody else.
ONLY_SUPERUSERS = ("is_superuser", "user_permissions")


class AccountChangeForm(UserChangeForm):
    """Does not take its rights from the only one who has them."""

    def clean(self) -> dict[str, Any]:
        kept = {**self.cleaned_data}
        stays = kept.get("is_superuser", self.instance.is_superuser) and kept.get(
            "is_active", self.instance.is_active
        )
        if not stays and leaves_no_administrator(without=[self.instance]):
            raise ValidationError(
                _("This is the only administrator of the site. Make somebody else administrator first.")
            )
        return kept


@admin.register(User)
class AccountAdmin(PlainListAdmin, UserAdmin):
    """Roles are given as groups. Superusers, and what makes one, are only for superusers to change."""

    form = AccountChangeForm
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
        """Superusers among the chosen accounts are protected, whoever else is chosen with them: from people who are
        none, and where nobody would be left to administer the site."""
        deleted, counts, missing, protected = super().get_deleted_objects(objs, request)
        if not request.user.is_superuser or leaves_no_administrator(without=objs):
            protected = [*protected, *(str(user) for user in objs if user.is_superuser)]
        return deleted, counts, missing, protected

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """As if the person had done it: with sessions, tokens, e-mails and the profile in Elasticsearch."""
        delete_account(user=obj)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            delete_account(user=user)

    @staticmethod
    def _within_reach(request: HttpRequest, obj: Any) -> bool:
        return obj is None or request.user.is_superuser or not obj.is_superuser
