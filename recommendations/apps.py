from django.apps import AppConfig
from django.core.checks import register

from movierec_site.safety import TAG, check_production


class RecommendationsConfig(AppConfig):
    name = "recommendations"

    def ready(self) -> None:
        register(check_production, TAG)
