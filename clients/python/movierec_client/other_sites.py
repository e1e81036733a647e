"""Other sites of the API. Made by scripts/make_client.py from the API's schema; changes by hand are lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from movierec_client.connection import Connection, segment


class OtherSites:
    """The operations under “Other sites”."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_batches_submit(self, body: Mapping[str, Any] | None = None) -> Any:
        """Lists for many people.

        Made in the background, for the people named or for everybody of the site; `lines` of the batch
        gives what there is so far. A batch is kept for a day. 409 if five are under way. A token needs
        the scope `people:read`. For the roles operator, admin.
        """
        return self._connection.call("POST", "/api/v1/bulk/lists/", body=body)

    def list_batches_read(self, reference: str) -> Any:
        """How far a batch is.

        Ask every few seconds. A token needs the scope `people:read`. For the roles operator, admin.

        ``reference``: The `reference` of the batch.
        """
        return self._connection.call("GET", f"/api/v1/bulk/lists/{segment(reference)}/")

    def list_batches_delete(self, reference: str) -> Any:
        """Stop and delete a batch.

        Its lines go as well. A token needs the scope `people:write`. For the roles operator, admin.

        ``reference``: The `reference` of the batch.
        """
        return self._connection.call("DELETE", f"/api/v1/bulk/lists/{segment(reference)}/")

    def list_batches_lines(self, reference: str, *, skip: int | None = None) -> Any:
        """The lists of a batch.

        A list per line, in no promised order, as far as they are made: read again with `skip` for the
        rest. Who was deleted meanwhile has no line. A token needs the scope `people:read`. For the roles
        operator, admin.

        ``reference``: The `reference` of the batch.

        ``skip``: So many lines are known already.
        """
        return self._connection.call(
            "GET", f"/api/v1/bulk/lists/{segment(reference)}/lines/", query={"skip": skip}
        )

    def bulk_people(self, lines: Iterable[Mapping[str, Any]]) -> Any:
        """Make or change many people.

        As `PUT /api/v1/people/{key}/`. The body is one JSON object per line, at most 50000 of them. Lines
        that do not fit are refused one by one; the others count. A token needs the scope `people:write`.
        For the roles operator, admin.
        """
        return self._connection.call("POST", "/api/v1/bulk/people/", lines=lines)

    def bulk_ratings(self, lines: Iterable[Mapping[str, Any]]) -> Any:
        """Many ratings of many people.

        A rating replaces an earlier one of the same film; sent again, it changes nothing. The body is one
        JSON object per line, at most 50000 of them. Lines that do not fit are refused one by one; the
        others count. A token needs the scope `people:write`. For the roles operator, admin.
        """
        return self._connection.call("POST", "/api/v1/bulk/ratings/", lines=lines)

    def people_read(self, key: str) -> Any:
        """Somebody of my site.

        What is kept about them. 404 if there is nobody with this key. A token needs the scope
        `people:read`. For the roles operator, admin.

        ``key``: The key of the other site for the person: 1 to 128 characters, percent-encoded, without
        `/`.
        """
        return self._connection.call("GET", f"/api/v1/people/{segment(key)}/")

    def people_put(self, key: str, body: Mapping[str, Any] | None = None) -> Any:
        """Make or change somebody of my site.

        No password and no e-mail; what is left out is unknown from now on. Ratings stay. 201 if the
        person is new. A token needs the scope `people:write`. For the roles operator, admin.

        ``key``: The key of the other site for the person: 1 to 128 characters, percent-encoded, without
        `/`.
        """
        return self._connection.call("PUT", f"/api/v1/people/{segment(key)}/", body=body)

    def people_delete(self, key: str) -> Any:
        """Delete somebody of my site.

        With everything that is kept about them. 404 if there is nobody with this key. A token needs the
        scope `people:write`. For the roles operator, admin.

        ``key``: The key of the other site for the person: 1 to 128 characters, percent-encoded, without
        `/`.
        """
        return self._connection.call("DELETE", f"/api/v1/people/{segment(key)}/")

    def people_recommendations(
        self,
        key: str,
        *,
        dials: str | None = None,
        exclude: str | None = None,
        explain: bool | None = None,
        explain_limit: int | None = None,
        filter: str | None = None,
        include: str | None = None,
        k: int | None = None,
        kind: str | None = None,
    ) -> Any:
        """Films for somebody of my site.

        Ranked from what is known of them, without the films that they rated, saw or hid. 404 if there is
        nobody with this key. A token needs the scope `people:read`. For the roles operator, admin.

        ``key``: The key of the other site for the person: 1 to 128 characters, percent-encoded, without
        `/`.

        ``dials``: Wishes for this list, as JSON text: the object that the bodies of other operations have
        under `dials`.

        ``exclude``: Film numbers that are not to be in this list.

        ``explain``: Whether each film comes with the parts of its score.

        ``explain_limit``: How many parts each explanation names, the strongest ones; the others come as
        one sum. All explanations of an answer together name at most 10000.

        ``filter``: What every film of the list must be, all of it: genres, a decade by its first year,
        and `little-seen` (none of the 300 most rated films, but at least 15 ratings), `with:` and the
        name of a director or actor, `in:` and a language, as `language` of a film names it.

        ``include``: Film numbers: nothing but these is ranked, for example what is in stock.

        ``k``: How many films.

        ``kind``: `like`: films that the person will like, by predicted stars. `next`: what people like
        them watch next, by the score. `bold`: by the score, unlike each other and less obvious.
        """
        return self._connection.call(
            "GET",
            f"/api/v1/people/{segment(key)}/recommendations/",
            query={
                "dials": dials,
                "exclude": exclude,
                "explain": explain,
                "explain_limit": explain_limit,
                "filter": filter,
                "include": include,
                "k": k,
                "kind": kind,
            },
        )

    def people_recommendations_post(self, key: str, body: Mapping[str, Any] | None = None) -> Any:
        """Films for somebody of my site, out of many.

        The same with a body, for which `include` and `exclude` may be long. Nothing changes. A token
        needs the scope `people:read`. For the roles operator, admin.

        ``key``: The key of the other site for the person: 1 to 128 characters, percent-encoded, without
        `/`.
        """
        return self._connection.call("POST", f"/api/v1/people/{segment(key)}/recommendations/", body=body)
