"""The catalogue, feedback and model registry in Django's admin."""

from django.contrib import admin

from recommendations.models import (
    Genre,
    HiddenMovie,
    ModelVersion,
    Movie,
    PromotionEvent,
    Rating,
    WatchlistItem,
)

admin.site.register([Genre, HiddenMovie, Movie, Rating, WatchlistItem])


@admin.register(ModelVersion)
class ModelVersionAdmin(admin.ModelAdmin):
    list_display = ("version", "state", "created_at")
    list_filter = ("state",)


@admin.register(PromotionEvent)
class PromotionEventAdmin(admin.ModelAdmin):
    list_display = ("version", "previous", "by", "reason", "created_at")
