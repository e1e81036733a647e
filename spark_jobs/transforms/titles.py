"""How a title of MovieLens is shown: "Godfather, The (1972)" becomes "The Godfather", with the year apart."""

from __future__ import annotations

from pyspark.sql import Column
from pyspark.sql import functions as F  # noqa: N812

# The articles that the data moves behind a title. "Die" is one as well: no title of the data ends in ", Die".
ARTICLES = "The|An?|Les?|Las?|Los?|Il|I|O|El|Das|De[rnt]|Die|Une?|Una"
# A year, perhaps followed by marks such as (V) for a video or (TV).
_YEAR = r"\(([0-9]{4})\)(?:\s*\((?:V|TV|VG)\))?\s*$"
UNTITLED = "Untitled film"


def title_year(original: Column) -> Column:
    """The year at the end of the title, null without one."""
    return F.regexp_extract(original, _YEAR, 1).try_cast("int")


def display_title(original: Column, movie_id: Column) -> Column:
    """The title as people write it, alternative titles in brackets kept; never empty.

    MovieLens calls a film it knows nothing of "unknown": that one is shown with its number.
    """
    text = F.trim(F.regexp_replace(original, _YEAR, ""))
    nameless = (text == "") | ((text == "unknown") & title_year(original).isNull())
    for opening, closing in ((r"^", r"(?=\s*\(|$)"), (r"(?<=\()", r"(?=\))")):
        # An elided article stands right before the word, the others are words of their own.
        text = F.regexp_replace(text, rf"{opening}([^()]+), (L'){closing}", "$2$1")
        text = F.regexp_replace(text, rf"{opening}([^()]+), ({ARTICLES}){closing}", "$2 $1")
    untitled = F.concat(F.lit(f"{UNTITLED} "), movie_id.cast("string"))
    return F.when(nameless, untitled).otherwise(text)
