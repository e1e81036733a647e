"""Model versions and their promotions in the admin."""

from django.contrib import admin

from recommendations.models import ModelVersion, PromotionEvent


@admin.register(ModelVersion)
class ModelVersionAdmin(admin.ModelAdmin):
    list_display = ("version", "state", "created_at")
    list_filter = ("state",)


@admin.register(PromotionEvent)
class PromotionEventAdmin(admin.ModelAdmin):
    list_display = ("version", "previous", "by", "reason", "created_at")
