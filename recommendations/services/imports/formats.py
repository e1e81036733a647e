"""The files that are known: which columns tell them, and what the columns mean. Plain Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from recommendations.services.imports.kinds import LIKE, LIST, NO_USE, SEEN, WATCHLIST, use_of_status
from recommendations.services.imports.scales import (
    halves_of,
    moment_of_day,
    moment_of_seconds,
    stars_of_halves,
)


@dataclass(frozen=True)
class Format:
    """Column names (small letters) by meaning; ``needs`` are those that tell the format.

    ``top`` is the best rating of its scale; a ``fine`` scale has steps that are no half stars here, and counts down to
    the next one. ``use`` is what a row without a rating is; ``by_name`` files say so in their name, and ``status``
    is a column that says it for each row. An ``only`` format has no other columns. ``seen`` is the column with the day on which the film was seen; of a
    ``diary`` a row is one viewing, and its rating is of that time. A format ``by_number`` is read by the film
    numbers of MovieLens-100k, and one by ``other_numbers`` is refused.
    """

    source: str
    needs: tuple[str, ...]
    rating: str = "rating"
    top: int = 5
    fine: bool = False
    title: str = "title"
    original: str = "original title"
    year: str = "year"
    movie_id: str | None = None
    moment: str = "date"
    seen: str = ""
    again: str = "rewatch"
    status: str = ""
    use: str = NO_USE
    by_name: bool = False
    diary: bool = False
    split: str = ""
    in_seconds: bool = False
    by_number: bool = False
    other_numbers: bool = False
    only: bool = False
    imdb: str = ""
    tmdb: str = ""

    @property
    def scale(self) -> str:
        """What a rating may be."""
        return {5: "0.5–5", 10: "0.5–10" if self.fine else "1–10"}.get(self.top, f"0–{self.top}")

    def read_stars(self, text: str) -> tuple[int | None, float | None]:
        """The stars and, to the half, what is written; twice ``None`` if it is no rating."""
        halves = halves_of(text, self.top, fine=self.fine)
        return (None, None) if halves is None else (stars_of_halves(halves), halves / 2)

    def read_moment(self, text: str, day_first: bool | None) -> datetime | None:
        """When it was rated or listed, ``None`` if that cannot be read."""
        return moment_of_seconds(text) if self.in_seconds else moment_of_day(text, day_first)

    def use_of(self, cells: Mapping[str, str]) -> str:
        """What a row is, apart from its rating."""
        return use_of_status(cells.get(self.status, "")) if self.status else self.use

    def named(self, called: str) -> Format:
        """The same for a file that is called so: some exports have the same columns for different things."""
        if not self.by_name:
            return self
        if called.startswith("list "):
            return replace(self, use=LIST)
        for parts, use in _USES_OF_FILES:
            if any(part in called for part in parts):
                return replace(self, use=use)
        return self


# What the name of a file says about its rows, the first that fits.
_USES_OF_FILES = (
    (("watchlist", "wishlist", "想看", "wish", "want"), WATCHLIST),
    (("likes", "favorite", "favourite", "loved", "lieblings", "favoris"), LIKE),
    (("watched", "films", "seen", "history", "看过", "collect", "vus"), SEEN),
    (("list",), LIST),
)

# The first one whose columns are there counts.
FORMATS = (
    Format(
        "Simkl",
        ("simkl_id", "title", "watchlist"),
        top=10,
        moment="watcheddate",
        seen="watcheddate",
        status="watchlist",
    ),
    Format(
        "Simkl",
        ("status", "user_rating", "title"),
        rating="user_rating",
        top=10,
        moment="user_rated_at",
        seen="last_watched_at",
        status="status",
    ),
    Format(
        "Simkl",
        ("status", "added_to_watchlist_at", "title"),
        rating="user_rating",
        top=10,
        moment="added_to_watchlist_at",
        seen="last_watched_at",
        status="status",
    ),
    Format(
        "TV Time",
        ("movie_name", "type"),
        title="movie_name",
        year="release_date",
        moment="updated_at",
        seen="updated_at",
        status="type",
    ),
    Format("TV Time", ("is_watched", "title"), moment="watched_at", seen="watched_at", status="is_watched"),
    Format(
        "Yamtrack",
        ("media_id", "source", "media_type", "title"),
        rating="score",
        top=10,
        fine=True,
        moment="progressed_at",
        seen="end_date",
        status="status",
    ),
    Format(
        "TMDB",
        ("tmdb id", "name", "your rating"),
        rating="your rating",
        top=10,
        fine=True,
        title="name",
        year="release date",
        moment="date rated",
        by_name=True,
    ),
    Format("Trakt", ("rated_at", "rating", "title"), top=10, moment="rated_at"),
    Format("Trakt", ("listed_at", "title"), top=10, moment="listed_at", use=WATCHLIST, by_name=True),
    Format(
        "Trakt", ("watched_at", "title"), top=10, moment="watched_at", seen="watched_at", use=SEEN, diary=True
    ),
    Format(
        "Trakt",
        ("last_watched_at", "title"),
        top=10,
        moment="last_watched_at",
        seen="last_watched_at",
        use=SEEN,
    ),
    Format("IMDb", ("position", "const", "title", "you rated"), rating="you rated", top=10, moment="created"),
    Format(
        "IMDb",
        ("position", "const", "title"),
        rating="your rating",
        top=10,
        moment="date rated",
        use=WATCHLIST,
        by_name=True,
    ),
    Format("IMDb", ("const", "your rating", "title"), rating="your rating", top=10, moment="date rated"),
    Format(
        "movierec",
        ("movie_id", "seen_on", "title"),
        rating="stars",
        movie_id="movie_id",
        moment="seen_on",
        seen="seen_on",
        again="again",
        use=SEEN,
        diary=True,
    ),
    Format(
        "movierec",
        ("movie_id", "stars", "rated_at"),
        rating="stars",
        movie_id="movie_id",
        moment="rated_at",
        use=WATCHLIST,
    ),
    Format(
        "movierec",
        ("movie_id", "title", "added_at"),
        movie_id="movie_id",
        moment="added_at",
        use=WATCHLIST,
        by_name=True,
    ),
    Format(
        "Letterboxd",
        ("name", "watched date", "letterboxd uri"),
        title="name",
        moment="date",
        seen="watched date",
        use=SEEN,
        diary=True,
    ),
    Format("Letterboxd", ("name", "rating10"), rating="rating10", top=10, title="name"),
    Format(
        "Criticker", ("score", "film name"), rating="score", top=100, title="film name", moment="date rated"
    ),
    Format(
        "Criticker", ("rating", "filmname"), top=100, title="filmname", year="filmyear", moment="reviewdate"
    ),
    Format("Letterboxd", ("name", "rating"), title="name"),
    Format("Letterboxd", ("position", "name", "url"), title="name", use=LIST),
    Format("Letterboxd", ("name", "letterboxd uri"), title="name", use=WATCHLIST, by_name=True),
    # Later MovieLens releases and the export of an account there number films differently: the title counts.
    Format("MovieLens", ("movie_id", "rating", "title")),
    Format("MovieLens", ("movieid", "rating", "title"), moment="timestamp", in_seconds=True),
    # What other programs write for Letterboxd's import; FilmAffinity, Mubi and Filmweb are exchanged in it.
    Format(
        "Letterboxd",
        ("title", "rating10"),
        rating="rating10",
        top=10,
        moment="watcheddate",
        seen="watcheddate",
        diary=True,
    ),
    Format("Letterboxd", ("title", "rating"), moment="watcheddate", seen="watcheddate", diary=True),
    Format(
        "Letterboxd", ("title", "watcheddate"), moment="watcheddate", seen="watcheddate", use=SEEN, diary=True
    ),
    *(
        Format(
            "Douban",
            (title, rating),
            rating=rating,
            title=title,
            year=year,
            moment=moment,
            use=SEEN,
            by_name=True,
            split=" / ",
        )
        for title, rating, year, moment in (
            ("标题", "我的评分", "简介", "创建时间"),
            ("标题", "个人评分", "上映日期", "打分日期"),
            ("片名", "个人评分", "上映日期", "打分日期"),
            ("名称", "我的评分", "上映日期", "创建时间"),
        )
    ),
    Format(
        "Netflix",
        ("title", "start time", "profile name"),
        year="",
        moment="start time",
        seen="start time",
        use=SEEN,
        diary=True,
    ),
    Format("Netflix", ("title", "date"), year="", seen="date", use=SEEN, diary=True, only=True),
    Format(
        "MovieLens 100k",
        ("item_id", "rating"),
        movie_id="item_id",
        moment="timestamp",
        in_seconds=True,
        by_number=True,
    ),
    Format("MovieLens", ("movieid", "rating"), other_numbers=True),
    Format("MovieLens", ("movie_id", "rating"), other_numbers=True),
)
# u.data of MovieLens-100k names no columns.
BARE_COLUMNS = ("user_id", "item_id", "rating", "timestamp")
PERSON_COLUMNS = ("userid", "user_id", "profile name")
KIND_COLUMNS = ("title type", "media_type", "entity_type", "media type", "type")
IMDB_COLUMNS = ("const", "imdb", "imdb_id", "imdbid", "imdb id", "tconst", "imdb_number")
TMDB_COLUMNS = ("tmdb", "tmdb_id", "tmdbid", "tmdb id")


def format_of(columns: list[str]) -> Format | None:
    """The first known format whose columns are there, or ``None``."""
    found = (each for each in FORMATS if set(each.needs) <= set(columns))
    return next((each for each in found if not each.only or set(each.needs) == set(columns)), None)
