"""The files that are known: which columns tell them, and what the columns mean. Plain Python."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from recommendations.ranking.titles import fold_title
from recommendations.services.imports.scales import (
    is_number,
    moment_of_day,
    moment_of_seconds,
    stars_of_five,
    stars_of_ten,
)

# Parts of words for what is no film, in the languages of exports (accents do not count): series, episodes, seasons,
# specials, shows, podcasts, games and music videos.
_NO_FILM = tuple(
    fold_title(part).replace(" ", "")
    for part in (
        *("seri", "episod", "folge", "aflevering", "avsnitt", "odcin", "dizi", "bolum", "сериал", "эпизод"),
        *("season", "saison", "staffel", "temporada", "stagion", "special", "spezial", "especial", "show"),
        *("emission", "sendung", "podcast", "audio", "musi", "clip"),
        *("game", "gioco", "videospiel", "computerspiel", "juego", "jogo", "jeu"),
        *("सीरीज़", "सीरीज", "एपिसोड", "गेम", "पॉडकास्ट", "संगीत", "म्यूज़िक", "स्पेशल", "विशेष"),
    )
)
_LONGEST_KIND = 40


@dataclass(frozen=True)
class Format:
    """Column names (small letters) by meaning; ``needs`` are those that tell the format.

    Rows without a rating go on the watchlist if the file ``is_list``. A format ``by_number`` is read by the film
    numbers of MovieLens-100k, and one by ``other_numbers`` is refused.
    """

    source: str
    needs: tuple[str, ...]
    rating: str = "rating"
    of_ten: bool = False
    title: str = "title"
    original: str = "original title"
    year: str = "year"
    movie_id: str | None = None
    moment: str = "date"
    in_seconds: bool = False
    is_list: bool = False
    by_number: bool = False
    other_numbers: bool = False

    @property
    def scale(self) -> str:
        """What a rating may be."""
        return "1–10" if self.of_ten else "0.5–5"

    def read_stars(self, text: str) -> tuple[int | None, bool]:
        """The stars, ``None`` if it is no rating, and whether they are exactly what is written."""
        stars = stars_of_ten(text) if self.of_ten else stars_of_five(text)
        return stars, stars is not None and is_number(text, (2 if self.of_ten else 1) * stars)

    def read_moment(self, text: str, day_first: bool | None) -> datetime | None:
        """When it was rated or listed, ``None`` if that cannot be read."""
        return moment_of_seconds(text) if self.in_seconds else moment_of_day(text, day_first)


# The first one whose columns are there counts.
FORMATS = (
    Format("Trakt", ("rated_at", "rating", "title"), of_ten=True, moment="rated_at"),
    Format("Trakt", ("listed_at", "title"), of_ten=True, moment="listed_at", is_list=True),
    Format(
        "IMDb",
        ("position", "const", "title"),
        rating="your rating",
        of_ten=True,
        moment="date rated",
        is_list=True,
    ),
    Format("IMDb", ("const", "your rating", "title"), rating="your rating", of_ten=True, moment="date rated"),
    Format(
        "movierec",
        ("movie_id", "stars", "rated_at"),
        rating="stars",
        movie_id="movie_id",
        moment="rated_at",
        is_list=True,
    ),
    Format(
        "movierec", ("movie_id", "title", "added_at"), movie_id="movie_id", moment="added_at", is_list=True
    ),
    Format("Letterboxd", ("name", "rating10"), rating="rating10", of_ten=True, title="name"),
    Format("Letterboxd", ("name", "rating"), title="name"),
    Format("Letterboxd", ("name", "letterboxd uri"), title="name", is_list=True),
    # Later MovieLens releases and the export of an account there number films differently: the title counts.
    Format("MovieLens", ("movie_id", "rating", "title")),
    Format("MovieLens", ("movieid", "rating", "title"), moment="timestamp", in_seconds=True),
    # What other programs write for Letterboxd's import.
    Format("Letterboxd", ("title", "rating10"), rating="rating10", of_ten=True, moment="watcheddate"),
    Format("Letterboxd", ("title", "rating"), moment="watcheddate"),
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
PERSON_COLUMNS = ("userid", "user_id")
KIND_COLUMNS = ("title type", "type")
# Files of Letterboxd with the columns of its watchlist that hold what somebody has seen or likes.
SEEN_FILES = ("watched", "films", "likes")


def format_of(columns: list[str]) -> Format | None:
    """The first known format whose columns are there, or ``None``."""
    return next((each for each in FORMATS if set(each.needs) <= set(columns)), None)


@lru_cache(maxsize=256)
def is_film(kind: str) -> bool:
    """Whether the type column means a film, in any language; without a type it is taken for one."""
    folded = fold_title(kind[:_LONGEST_KIND]).replace(" ", "")
    return not any(part in folded for part in _NO_FILM)
