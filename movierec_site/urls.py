"""URL map of the whole site."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("recommendations.pages.urls")),
    path("", include("recommendations.api.health")),
    path("api/", include("recommendations.api.urls")),
    path("account/", include("recommendations.pages.account.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
]
handler400 = "recommendations.web.error_views.bad_request"
handler500 = "recommendations.web.error_views.server_error"
