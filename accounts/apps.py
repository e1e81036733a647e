from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = gettext_lazy("Accounts")

    def ready(self) -> None:
        post_migrate.connect(repair_roles_at_the_end, dispatch_uid="accounts.roles")


def repair_roles_at_the_end(sender: AppConfig, **kwargs: Any) -> None:
    """Give the roles their permissions once the last application's exist; Django makes them after each migration."""
    if sender is list(apps.get_app_configs())[-1]:
        from accounts.roles import repair_roles  # noqa: PLC0415 - models cannot be imported before the apps are ready

        repair_roles()
