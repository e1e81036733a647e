"""Addresses of the health checks."""

from django.urls import path

from recommendations.api import health

urlpatterns = [path("healthz", health.healthz, name="healthz"), path("readyz", health.readyz, name="readyz")]
