"""Mine of the API. Made by scripts/make_client.py from the API's schema; changes by hand are lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from movierec_client.connection import Connection, segment


class Mine:
    """The operations under “Mine”."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def me_read(self) -> Any:
        """My account.

        What it tells, and how many films I have marked. A token needs the scope `read`.
        """
        return self._connection.call("GET", "/api/v1/me/")

    def me_change(self, body: Mapping[str, Any] | None = None) -> Any:
        """Change what my account tells.

        Age, gender and occupation, which null takes back, and how I look at lists. What is left out
        stays. My list follows at once. A token needs the scope `write`.
        """
        return self._connection.call("PATCH", "/api/v1/me/", body=body)

    def me_delete(self, body: Mapping[str, Any]) -> Any:
        """Delete my account.

        With everything that is kept about it, at once. 403 if the password is wrong, 409 for the last
        administrator. A token needs the scope `write`.
        """
        return self._connection.call("POST", "/api/v1/me/delete/", body=body)

    def export(self) -> Any:
        """Everything that is kept about me.

        Account, profile, ratings, watchlist, hidden films, diary, likes, lists and tokens (without their
        texts). A token needs the scope `read`.
        """
        return self._connection.call("GET", "/api/v1/me/export/")

    def hidden_list(self, *, cursor: str | None = None, limit: int | None = None) -> Any:
        """My hidden films.

        Newest first, in pages. A token needs the scope `read`.

        ``cursor``: The `next` of the page before, with the same other parameters.

        ``limit``: How many on a page.
        """
        return self._connection.call("GET", "/api/v1/me/hidden/", query={"cursor": cursor, "limit": limit})

    def hidden_put(self, movie_id: int) -> Any:
        """Hide a film.

        However often it is sent, it is done once. There is no body. A token needs the scope `write`.

        ``movie_id``: MovieLens film number.
        """
        return self._connection.call("PUT", f"/api/v1/me/hidden/{segment(movie_id)}/")

    def hidden_delete(self, movie_id: int) -> Any:
        """Show a hidden film again.

        However often it is sent, it is done once. There is no body. A token needs the scope `write`.

        ``movie_id``: MovieLens film number.
        """
        return self._connection.call("DELETE", f"/api/v1/me/hidden/{segment(movie_id)}/")

    def import_apply(self, body: Mapping[str, Any]) -> Any:
        """Bring a file of ratings in.

        What was recognised, and of the doubtful rows those that were decided. Twice changes nothing. A
        token needs the scope `write`.
        """
        return self._connection.call("POST", "/api/v1/me/import/", body=body)

    def import_preview(self, body: Mapping[str, Any]) -> Any:
        """Look at a file of ratings.

        Tells which films were recognised; nothing is changed. Then apply it with its token. A token needs
        the scope `write`.
        """
        return self._connection.call("POST", "/api/v1/me/import/preview/", body=body)

    def less_like_this_list(self, *, cursor: str | None = None, limit: int | None = None) -> Any:
        """Films I want less of.

        Newest first, in pages. A token needs the scope `read`.

        ``cursor``: The `next` of the page before, with the same other parameters.

        ``limit``: How many on a page.
        """
        return self._connection.call(
            "GET", "/api/v1/me/less-like-this/", query={"cursor": cursor, "limit": limit}
        )

    def less_like_this_put(self, movie_id: int) -> Any:
        """Hide a film and lower those like it.

        However often it is sent, it is done once. There is no body. A token needs the scope `write`.

        ``movie_id``: MovieLens film number.
        """
        return self._connection.call("PUT", f"/api/v1/me/less-like-this/{segment(movie_id)}/")

    def less_like_this_delete(self, movie_id: int) -> Any:
        """Want films like it as before.

        However often it is sent, it is done once. There is no body. A token needs the scope `write`.

        ``movie_id``: MovieLens film number.
        """
        return self._connection.call("DELETE", f"/api/v1/me/less-like-this/{segment(movie_id)}/")

    def not_tonight_list(self, *, cursor: str | None = None, limit: int | None = None) -> Any:
        """Films that are not for tonight.

        Newest first, in pages. A token needs the scope `read`.

        ``cursor``: The `next` of the page before, with the same other parameters.

        ``limit``: How many on a page.
        """
        return self._connection.call(
            "GET", "/api/v1/me/not-tonight/", query={"cursor": cursor, "limit": limit}
        )

    def not_tonight_put(self, movie_id: int) -> Any:
        """Do not show a film until tomorrow.

        However often it is sent, it is done once. There is no body. A token needs the scope `write`.

        ``movie_id``: MovieLens film number.
        """
        return self._connection.call("PUT", f"/api/v1/me/not-tonight/{segment(movie_id)}/")

    def not_tonight_delete(self, movie_id: int) -> Any:
        """Show it tonight after all.

        However often it is sent, it is done once. There is no body. A token needs the scope `write`.

        ``movie_id``: MovieLens film number.
        """
        return self._connection.call("DELETE", f"/api/v1/me/not-tonight/{segment(movie_id)}/")

    def ratings_list(self, *, cursor: str | None = None, limit: int | None = None) -> Any:
        """My ratings.

        Newest first, in pages. A token needs the scope `read`.

        ``cursor``: The `next` of the page before, with the same other parameters.

        ``limit``: How many on a page.
        """
        return self._connection.call("GET", "/api/v1/me/ratings/", query={"cursor": cursor, "limit": limit})

    def ratings_add(self, body: Mapping[str, Any]) -> Any:
        """Rate several films.

        All of them or, if one does not fit, none. They count as of now, in the order given; films that
        are not named keep their ratings. A token needs the scope `write`.
        """
        return self._connection.call("POST", "/api/v1/me/ratings/", body=body)

    def ratings_read(self, movie_id: int) -> Any:
        """My rating of a film.

        404 if I have not rated it. Its ETag is for `If-Match`. A token needs the scope `read`.

        ``movie_id``: MovieLens film number.
        """
        return self._connection.call("GET", f"/api/v1/me/ratings/{segment(movie_id)}/")

    def ratings_put(self, movie_id: int, body: Mapping[str, Any]) -> Any:
        """Rate a film.

        Other stars than before replace them and count as of now; the same stars change nothing. A token
        needs the scope `write`.

        ``movie_id``: MovieLens film number.
        """
        return self._connection.call("PUT", f"/api/v1/me/ratings/{segment(movie_id)}/", body=body)

    def ratings_delete(self, movie_id: int) -> Any:
        """Take my rating of a film back.

        However often it is sent, it is done once: without a rating it changes nothing. A token needs the
        scope `write`.

        ``movie_id``: MovieLens film number.
        """
        return self._connection.call("DELETE", f"/api/v1/me/ratings/{segment(movie_id)}/")

    def seen_list(self, *, cursor: str | None = None, limit: int | None = None) -> Any:
        """My seen films.

        Newest first, in pages. A token needs the scope `read`.

        ``cursor``: The `next` of the page before, with the same other parameters.

        ``limit``: How many on a page.
        """
        return self._connection.call("GET", "/api/v1/me/seen/", query={"cursor": cursor, "limit": limit})

    def seen_put(self, movie_id: int) -> Any:
        """Say that I have seen a film.

        However often it is sent, it is done once. There is no body. A token needs the scope `write`.

        ``movie_id``: MovieLens film number.
        """
        return self._connection.call("PUT", f"/api/v1/me/seen/{segment(movie_id)}/")

    def seen_delete(self, movie_id: int) -> Any:
        """Take that back.

        However often it is sent, it is done once. There is no body. A token needs the scope `write`.

        ``movie_id``: MovieLens film number.
        """
        return self._connection.call("DELETE", f"/api/v1/me/seen/{segment(movie_id)}/")

    def me_taste(self) -> Any:
        """My taste.

        What the model believes about me in words and figures, and which of my ratings say most. A token
        needs the scope `read`.
        """
        return self._connection.call("GET", "/api/v1/me/taste/")

    def watchlist_list(self, *, cursor: str | None = None, limit: int | None = None) -> Any:
        """My watchlist.

        Newest first, in pages. A token needs the scope `read`.

        ``cursor``: The `next` of the page before, with the same other parameters.

        ``limit``: How many on a page.
        """
        return self._connection.call("GET", "/api/v1/me/watchlist/", query={"cursor": cursor, "limit": limit})

    def watchlist_put(self, movie_id: int) -> Any:
        """Put a film on my watchlist.

        However often it is sent, it is done once. There is no body. A token needs the scope `write`.

        ``movie_id``: MovieLens film number.
        """
        return self._connection.call("PUT", f"/api/v1/me/watchlist/{segment(movie_id)}/")

    def watchlist_delete(self, movie_id: int) -> Any:
        """Take a film off my watchlist.

        However often it is sent, it is done once. There is no body. A token needs the scope `write`.

        ``movie_id``: MovieLens film number.
        """
        return self._connection.call("DELETE", f"/api/v1/me/watchlist/{segment(movie_id)}/")
