"""URL map of the whole site."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("recommendations.pages.urls")),
    path("", include("recommendations.api.health_urls")),
    path("api/", include("recommendations.api.urls")),
    path("account/", include("accounts.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
]
handler400 = "recommendations.api.error_views.bad_request"
handler500 = "recommendations.api.error_views.server_error"
