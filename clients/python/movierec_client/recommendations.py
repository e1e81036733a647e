"""Recommendations of the API. Made by scripts/make_client.py from the API's schema; changes by hand are lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from movierec_client.connection import Connection


class Recommendations:
    """The operations under “Recommendations”."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def recommendations(
        self,
        *,
        user: int,
        dials: str | None = None,
        explain: bool | None = None,
        explain_limit: int | None = None,
        filter: str | None = None,
        k: int | None = None,
        kind: str | None = None,
    ) -> Any:
        """Films for a person of MovieLens.

        Ranked by the taste that the person's own ratings show. Seen films never appear. The people of
        MovieLens are public research data; people with an account here are seen by nobody else.

        ``user``: MovieLens user number.

        ``dials``: Wishes for this list, as JSON text: the object that the bodies of other operations have
        under `dials`.

        ``explain``: Whether each film comes with the parts of its score.

        ``explain_limit``: How many parts each explanation names, the strongest ones; the others come as
        one sum. All explanations of an answer together name at most 10000.

        ``filter``: What every film of the list must be, all of it: genres, a decade by its first year,
        and `little-seen` (none of the 300 most rated films, but at least 15 ratings), `with:` and the
        name of a director or actor, `in:` and a language, as `language` of a film names it.

        ``k``: How many films.

        ``kind``: `like`: films that the person will like, by predicted stars. `next`: what people like
        them watch next, by the score. `bold`: by the score, unlike each other and less obvious.
        """
        return self._connection.call(
            "GET",
            "/api/v1/recommendations/",
            query={
                "user": user,
                "dials": dials,
                "explain": explain,
                "explain_limit": explain_limit,
                "filter": filter,
                "k": k,
                "kind": kind,
            },
        )

    def recommendations_batch(self, body: Mapping[str, Any]) -> Any:
        """Films for several people.

        Each of the data by number, or new with what they tell; the lists come in the same order.
        """
        return self._connection.call("POST", "/api/v1/recommendations/batch/", body=body)

    def recommendations_me(
        self,
        *,
        dials: str | None = None,
        explain: bool | None = None,
        explain_limit: int | None = None,
        filter: str | None = None,
        k: int | None = None,
        kind: str | None = None,
    ) -> Any:
        """Films for me.

        Ranked from what the account tells, my ratings, and without the films that I hid. A token needs
        the scope `read`.

        ``dials``: Wishes for this list, as JSON text: the object that the bodies of other operations have
        under `dials`.

        ``explain``: Whether each film comes with the parts of its score.

        ``explain_limit``: How many parts each explanation names, the strongest ones; the others come as
        one sum. All explanations of an answer together name at most 10000.

        ``filter``: What every film of the list must be, all of it: genres, a decade by its first year,
        and `little-seen` (none of the 300 most rated films, but at least 15 ratings), `with:` and the
        name of a director or actor, `in:` and a language, as `language` of a film names it.

        ``k``: How many films.

        ``kind``: `like`: films that the person will like, by predicted stars. `next`: what people like
        them watch next, by the score. `bold`: by the score, unlike each other and less obvious.
        """
        return self._connection.call(
            "GET",
            "/api/v1/recommendations/me/",
            query={
                "dials": dials,
                "explain": explain,
                "explain_limit": explain_limit,
                "filter": filter,
                "k": k,
                "kind": kind,
            },
        )

    def recommendations_preview(self, body: Mapping[str, Any] | None = None) -> Any:
        """Films for a newcomer.

        Ranked from age, gender and occupation, and from the first rating on also from the person's own
        taste. Every part may be left out. Nothing is stored about the person. While Elasticsearch is
        away, the site ranks by itself and says so with `degraded`.
        """
        return self._connection.call("POST", "/api/v1/recommendations/preview/", body=body)
