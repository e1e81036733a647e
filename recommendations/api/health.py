"""For the people and programs that operate the site: is the process alive, and can it do its job?"""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from recommendations.selectors.health import readiness


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
