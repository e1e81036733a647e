"""Films of the API. Made by scripts/make_client.py from the API's schema; changes by hand are lost."""

from __future__ import annotations

from typing import Any

from movierec_client.connection import Connection, segment


class Films:
    """The operations under “Films”."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def films_list(
        self,
        *,
        cursor: str | None = None,
        decade: int | None = None,
        genre: str | None = None,
        language: str | None = None,
        least_ratings: int | None = None,
        limit: int | None = None,
        most_ratings: int | None = None,
        order: str | None = None,
        person: str | None = None,
        q: str | None = None,
    ) -> Any:
        """Find films.

        By title, genre, decade, number of ratings, director or actor and language, in pages. Without `q`
        and `order` the best known come first.

        ``cursor``: The `next` of the page before, with the same other parameters.

        ``decade``: 1990 for 1990 to 1999.

        ``genre``: Films of this genre only.

        ``language``: Films in this language, as `language` of a film names it.

        ``least_ratings``: With at least so many ratings.

        ``limit``: How many on a page.

        ``most_ratings``: With at most so many ratings.

        ``order``: `best` match, best `known`, most `liked`, `newest` or `oldest` first.

        ``person``: Films that somebody of this name directed or acts in; case and accents do not matter.

        ``q``: Title or part of it, or a number of IMDb; accents, case and small typing errors do not
        matter.
        """
        return self._connection.call(
            "GET",
            "/api/v1/films/",
            query={
                "cursor": cursor,
                "decade": decade,
                "genre": genre,
                "language": language,
                "least_ratings": least_ratings,
                "limit": limit,
                "most_ratings": most_ratings,
                "order": order,
                "person": person,
                "q": q,
            },
        )

    def films_read(self, movie_id: int) -> Any:
        """A film.

        Its facts, and what its ratings say.

        ``movie_id``: MovieLens film number.
        """
        return self._connection.call("GET", f"/api/v1/films/{segment(movie_id)}/")

    def films_similar(self, movie_id: int, *, k: int | None = None) -> Any:
        """Similar films.

        Films that a rating of this one raises most; for a film that nobody rated, by what is known of it.

        ``movie_id``: MovieLens film number.

        ``k``: How many films.
        """
        return self._connection.call("GET", f"/api/v1/films/{segment(movie_id)}/similar/", query={"k": k})

    def films_described(
        self,
        *,
        q: str,
        decade: int | None = None,
        for_me: bool | None = None,
        genre: str | None = None,
        limit: int | None = None,
        user: int | None = None,
    ) -> Any:
        """Films that fit a description.

        Finds words in titles, overviews, tags and names, and sentences that mean something alike, and
        joins both by their places. For somebody, what is expected of the films joins in.

        ``q``: What the films are about: `heist film with a twist`.

        ``decade``: 1990 for 1990 to 1999.

        ``for_me``: Films that suit whoever asks come first; needs a token.

        ``genre``: Films of this genre only.

        ``limit``: How many.

        ``user``: A person of the data: films that suit them come first.
        """
        return self._connection.call(
            "GET",
            "/api/v1/films/described/",
            query={"q": q, "decade": decade, "for_me": for_me, "genre": genre, "limit": limit, "user": user},
        )

    def films_suggest(self, *, q: str, limit: int | None = None) -> Any:
        """Suggest titles.

        For a title that is still being typed; small typing errors do not matter.

        ``q``: What has been typed.

        ``limit``: How many.
        """
        return self._connection.call("GET", "/api/v1/films/suggest/", query={"q": q, "limit": limit})

    def model_card_read(self, *, version: str | None = None) -> Any:
        """The card of a model version.

        Its data and their terms, what it has and lacks, its figures, whom it serves, and what has
        changed.

        ``version``: By default the one that serves.
        """
        return self._connection.call("GET", "/api/v1/model-card/", query={"version": version})
