"""URL map of the whole site."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

admin.autodiscover()
urlpatterns = [
    path("", include("recommendations.pages.urls")),
    path("", include("recommendations.api.health")),
    path("api/", include("recommendations.api.urls")),
    path("account/", include("recommendations.pages.account.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    # The admin's own form for this asks for the password without counting wrong ones.
    path(
        "admin/password_change/",
        admin.site.admin_view(RedirectView.as_view(pattern_name="accounts:password")),
    ),
    path("admin/", admin.site.urls),
]
handler400 = "recommendations.web.error_views.bad_request"
handler403 = "recommendations.web.error_views.permission_denied"
handler404 = "recommendations.web.error_views.page_not_found"
handler500 = "recommendations.web.error_views.server_error"
