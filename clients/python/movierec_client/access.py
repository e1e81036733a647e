"""Access of the API. Made by scripts/make_client.py from the API's schema; changes by hand are lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from movierec_client.connection import Connection, segment


class Access:
    """The operations under “Access”."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def accounts_create(self, body: Mapping[str, Any]) -> Any:
        """Sign up.

        Makes an account. Then make a token with its name and password. A name that is taken is a 400 that
        names the field `username`.
        """
        return self._connection.call("POST", "/api/v1/accounts/", body=body)

    def accounts_read(self, account_id: int) -> Any:
        """An account.

        Mine; administrators see every one. Others are as if they did not exist. A token needs the scope
        `read`.

        ``account_id``: The `id` of the account.
        """
        return self._connection.call("GET", f"/api/v1/accounts/{segment(account_id)}/")

    def tokens_list(self) -> Any:
        """My tokens.

        Those that still work, newest first. A token needs the scope `read`.
        """
        return self._connection.call("GET", "/api/v1/tokens/")

    def tokens_create(self, body: Mapping[str, Any]) -> Any:
        """Make a token.

        Takes the name and password of an account, and gives a token for the header `Authorization: Bearer
        …`. Its text is told once only. 401 if name and password do not fit together, 409 if the account
        has too many tokens.
        """
        return self._connection.call("POST", "/api/v1/tokens/", body=body)

    def tokens_revoke(self, reference: str) -> Any:
        """Revoke a token.

        It ends at once. A token may revoke itself. A token needs the scope `write`.

        ``reference``: The `reference` of the token.
        """
        return self._connection.call("DELETE", f"/api/v1/tokens/{segment(reference)}/")
