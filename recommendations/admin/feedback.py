"""What people said about films, in the admin: shown, and deleted on request; never written in somebody's name."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from recommendations.admin.read_only import ReadOnlyAdmin
from recommendations.models import (
    HiddenMovie,
    PausedMovie,
    PickedMovie,
    Rating,
    SeenMovie,
    UnwantedMovie,
    WatchlistItem,
)
from recommendations.services.profiles import mark_profile_stale


class MarkAdmin(ReadOnlyAdmin):
    """A deleted mark leaves the person's profile as well."""

    actions: Any = ()
    list_select_related = ("user", "movie")
    search_fields = ("user__username", "movie__title")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may(request, "delete")

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        mark_profile_stale(user_id=obj.user_id)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        people = set(queryset.values_list("user_id", flat=True))
        super().delete_queryset(request, queryset)
        for user_id in people:
            mark_profile_stale(user_id=user_id)


@admin.register(Rating)
class RatingAdmin(MarkAdmin):
    list_display = ("user", "movie", "stars", "rated_at")
    list_filter = ("stars",)
    date_hierarchy = "rated_at"


@admin.register(WatchlistItem, HiddenMovie, SeenMovie, UnwantedMovie, PausedMovie, PickedMovie)
class ListedAdmin(MarkAdmin):
    list_display = ("user", "movie", "created_at")
    date_hierarchy = "created_at"
