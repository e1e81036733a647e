"""Documents of both indices, built from the model and the tables."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommendations.ranking.artefact import Artefact
from recommendations.ranking.demographics import Demographics
from recommendations.ranking.fold_in import Taste
from recommendations.ranking.titles import ARTICLES, title_words

_WORD = re.compile(r"\w+")
DIGITS = 9


def unit_item_vectors(artefact: Artefact, rows: Sequence[int] | None = None) -> NDArray[np.float32]:
    """Item vectors on the unit sphere (n, d + 1), of all films or of those in these ``rows``: ``(item, √(M² − |item|²)) / M``.

    With a query ``(q, 0) / |q|`` their dot product is ``q · item / (|q| M)``: the inner product survives as the
    ``dot_product`` similarity of Elasticsearch, which accepts unit vectors only (Bachrach et al. 2014).
    """
    items = artefact.item_vectors if rows is None else artefact.item_vectors[list(rows)]
    items = items.astype(np.float64)
    rest = np.sqrt(np.maximum(artefact.max_norm**2 - (items**2).sum(axis=1), 0.0))
    return (np.column_stack([items, rest]) / artefact.max_norm).astype(np.float32)


def movie_document(
    artefact: Artefact,
    vectors: NDArray[np.float32] | Mapping[int, NDArray[np.float32]],
    row: int,
    facts: Mapping[str, Any],
) -> dict[str, Any]:
    """The document of the film at ``row``, which ``vectors`` have as well; ``facts`` has title, year, genres and mean_stars."""
    title = facts["title"]
    return {
        "movie_id": int(artefact.movie_ids[row]),
        "title": title,
        "title_folded": fold_text(title),
        "title_words": " ".join(title_words(title)),
        "beginnings": list(beginnings(title)),
        "suggest": {"input": suggestions(title), "weight": int(artefact.rating_count[row])},
        "year": facts["year"],
        "decade": int(artefact.decades[row]) or None,
        "genres": list(facts["genres"]),
        "rating_count": int(artefact.rating_count[row]),
        "mean_stars": facts["mean_stars"],
        **{name: float(values[row]) for name, values in artefact.facts.items()},
        "obscurity": 1.0 - float(artefact.popularity[row]),
        "vector": in_single_precision(vectors[row]),
    }


def profile_document(
    *,
    user_id: str,
    demographics: Demographics,
    taste: Taste,
    seen: Iterable[int],
    mean_stars: float | None,
    genres: Iterable[Mapping[str, Any]],
    updated_at: datetime,
    is_site_user: bool = False,
) -> dict[str, Any]:
    """A person's document; ``seen`` are the MovieLens numbers of the rated films."""
    rated = [int(movie_id) for movie_id in seen]
    return {
        "user_id": user_id,
        "is_site_user": is_site_user,
        "age": demographics.age,
        "gender": demographics.gender,
        "occupation": demographics.occupation,
        "rating_count": len(rated),
        "mean_stars": mean_stars,
        "genres": [dict(genre) for genre in genres],
        "taste": in_single_precision(taste.vector),
        **{f"{fact}_weight": weight for fact, weight in taste.fact_weights.items()},
        "seen": rated,
        "updated_at": updated_at.isoformat(),
    }


def in_single_precision(values: NDArray[np.floating]) -> list[float]:
    """The numbers as they travel: with the nine digits that tell any two of single precision apart, half as long as all."""
    numbers = values.astype(np.float32).astype(np.float64)
    magnitudes = np.floor(np.log10(np.maximum(np.abs(numbers), 1e-30)))
    # Powers of ten up to the 22nd are exact, so that a quotient is the number nearest to its digits.
    scales = 10.0 ** np.clip(DIGITS - 1 - magnitudes, 0, 22)
    written: list[float] = (np.round(numbers * scales) / scales).tolist()
    return written


def fold_text(text: str) -> str:
    """Lower case without accents; the server core has no asciifolding filter, so this is done on our side."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def suggestions(title: str) -> list[str]:
    """What completion may start from: the folded title, and the title without a leading article."""
    folded = fold_text(title).strip() or "?"
    first, _, rest = folded.partition(" ")
    return (
        [folded, rest]
        if first in {"the", "a", "an", "le", "la", "les", "il", "el", "der", "die", "das"} and rest
        else [folded]
    )


def folded_words(text: str) -> list[str]:
    """The words of a text in lower case without accents and punctuation."""
    return _WORD.findall(fold_text(text))


@lru_cache(maxsize=20_000)
def beginnings(title: str) -> tuple[str, ...]:
    """What people may begin to type for a title: all its words, without the article in front, and with its numbers as
    digits (:func:`title_words`); each of these also without spaces."""
    words = folded_words(title)
    without_article = words[1:] if len(words) > 1 and words[0] in ARTICLES else words
    ways = [way for way in (words, without_article, title_words(title)) if way]
    return tuple(dict.fromkeys([" ".join(way) for way in ways] + ["".join(way) for way in ways]))
