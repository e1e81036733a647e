"""For the people and programs that operate the site: is the process alive, and can it do its job?"""

from __future__ import annotations

import ipaddress
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from recommendations.observability.metrics import process_metrics
from recommendations.selectors.health import readiness
from recommendations.selectors.site_metrics import database_metrics


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers; asks nothing of anything else."""
    return JsonResponse({"status": "alive"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 if recommendations can be given, 503 if not, with each check and whether the site is degraded."""
    state = readiness()
    body = {
        "status": "ready" if state.ready else "not ready",
        "degraded": state.degraded,
        "checks": {check.name: {"ok": check.ok, "detail": check.detail} for check in state.checks},
    }
    return JsonResponse(body, status=200 if state.ready else 503)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Every measurement as text; 401 for whoever may not see them."""
    if not _may_read(request):
        refusal = "Send the METRICS_TOKEN of this site as a bearer token, or sign in as staff.\n"
        return HttpResponse(
            refusal, status=401, content_type="text/plain", headers={"WWW-Authenticate": "Bearer"}
        )
    return HttpResponse(process_metrics() + database_metrics(), content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    """The bearer of the token, staff, and (unless that is switched off) programs of this very machine."""
    sent = request.headers.get("Authorization", "")
    if settings.METRICS_TOKEN and sent:
        return secrets.compare_digest(sent.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    return (settings.METRICS_FROM_LOOPBACK and _is_local(request)) or (
        request.user.is_active and request.user.is_staff
    )


def _is_local(request: HttpRequest) -> bool:
    if any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP")):
        return False  # a proxy on this machine speaks for somebody else
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
]
