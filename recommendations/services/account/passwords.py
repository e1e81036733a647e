"""What a new password ends besides the sessions."""

from __future__ import annotations

from django.utils.translation import gettext as _

from accounts.models import User
from recommendations.services.account.tokens import revoke_all_tokens


class EndsTokens:
    """Ends the account's API tokens: whoever knew the old password may have made some.

    It stands among the password validators because Django tells those of every changed password: by the person, by the
    link of a letter, by the admin, or on the command line. It finds no fault with any.
    """

    def validate(self, password: str, user: User | None = None) -> None:
        """Accept every password: this validator only explains."""

    def password_changed(self, password: str, user: User | None = None) -> None:
        """The new password is saved."""
        if user is not None:
            revoke_all_tokens(user=user)

    def get_help_text(self) -> str:
        return _("A new password ends every API token of the account.")
