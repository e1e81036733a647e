"""Django's admin for operators: jobs, model versions, indices, catalogue, feedback and the audit log."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from recommendations.admin import (
    accounts,
    audit,
    catalogue,
    experiments,
    feedback,
    house,
    jobs,
    new_films,
    registry,
    schedules,
)

__all__ = [
    "accounts",
    "audit",
    "catalogue",
    "experiments",
    "feedback",
    "house",
    "jobs",
    "new_films",
    "registry",
    "schedules",
]

admin.site.site_header = _("movierec operation")
admin.site.site_title = _("movierec operation")
admin.site.index_title = _("Overview")
# Lists need the width; every page names its way, and the overview leads everywhere.
admin.site.enable_nav_sidebar = False
