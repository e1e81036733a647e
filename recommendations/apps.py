from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy

from movierec_site.safety import TAG, check_production


class RecommendationsConfig(AppConfig):
    name = "recommendations"
    verbose_name = gettext_lazy("Recommendations")

    def ready(self) -> None:
        register(check_production, TAG)
