"""What a row is: a film or a series, seen, liked, listed or to be seen, in the words of other places. Plain Python."""

from __future__ import annotations

import re
from functools import lru_cache

from recommendations.ranking.titles import fold_title

NO_USE, SEEN, WATCHLIST, LIKE, LIST = "", "seen", "watchlist", "like", "list"

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
        *("剧集", "电视剧", "综艺"),
    )
)
# Whole words for the same.
_NO_FILM_WORDS = frozenset(("tv", "anime", "manga", "book", "comic", "boardgame", "person", "album"))
_LONGEST_KIND = 40
_STATUSES = {
    SEEN: (
        "completed",
        "complete",
        "watched",
        "watch",
        "rewatch",
        "rewatched",
        "seen",
        "true",
        "1",
        "yes",
        "finished",
        "repeating",
    ),
    WATCHLIST: (
        "plantowatch",
        "plan to watch",
        "towatch",
        "planning",
        "planned",
        "watchlist",
        "false",
        "0",
        "no",
        "to watch",
    ),
}
_USES = {fold_title(word).replace(" ", ""): use for use, words in _STATUSES.items() for word in words}
# The words between two colons of a streaming service's title that make it an episode.
_SEASON = re.compile(
    r"\b(season|staffel|saison|temporada|stagione|seizoen|s[æä]song?|sezon|сезон|series|limited series|mini-?seri\w*|"
    r"part|partie|parte|teil|volume|vol\.?|chapter|book|collection)\b\s*\d*|シーズン|시즌|季",
    re.IGNORECASE,
)


@lru_cache(maxsize=256)
def is_film(kind: str) -> bool:
    """Whether the type column means a film, in any language; without a type it is taken for one."""
    folded = fold_title(kind[:_LONGEST_KIND]).replace(" ", "")
    return folded not in _NO_FILM_WORDS and not any(part in folded for part in _NO_FILM)


@lru_cache(maxsize=256)
def use_of_status(status: str) -> str:
    """What a row of this status is; nothing for one that was dropped, paused or is only followed."""
    return _USES.get(fold_title(status[:_LONGEST_KIND]).replace(" ", ""), NO_USE)


def is_episode(title: str) -> bool:
    """Whether a title of a streaming service is an episode: "Series: Season 1: Pilot"."""
    pieces = title.split(": ")
    return len(pieces) > 2 and any(_SEASON.search(piece) for piece in pieces[1:-1])
