"""Finds the numbers of films that somebody names by key, or by title and year."""

from __future__ import annotations

from functools import cached_property

from recommendations.models.catalogue import Movie
from recommendations.ranking.titles import fold_title


class FilmNumbers:
    """The catalogue, looked up; it is read once, when it is first needed."""

    def by_key(self, key: str) -> int | None:
        """The number of the film that the data call so; ``None`` if there is none."""
        return self._keys.get(key)

    def by_title(self, title: str, year: int | None = None) -> int | None:
        """The number of the best known film of this title (and year): case, accents and articles do not matter."""
        return self._titles.get((fold_title(title), year))

    @cached_property
    def _keys(self) -> dict[str, int]:
        return dict(Movie.objects.served().values_list("key", "movielens_id"))

    @cached_property
    def _titles(self) -> dict[tuple[str, int | None], int]:
        found: dict[tuple[str, int | None], int] = {}
        rows = Movie.objects.each_once().order_by("rating_count")
        for number, title, year in rows.values_list("movielens_id", "title", "year"):
            folded = fold_title(title)
            found[folded, year] = found[folded, None] = number
        return found
