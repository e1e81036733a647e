"""Examples of the operations on a person's data as a whole."""

from recommendations.api.mine.examples import MERGED
from recommendations.api.schema import answer_example, request_example

__all__ = ["APPLY", "DELETION", "EXPORT", "FILE", "MERGED", "PREVIEW"]
_FILM = {"movie_id": 50, "title": "Star Wars", "year": 1977}
FILE = request_example(
    "Of Letterboxd",
    {"content": "Date,Name,Year,Letterboxd URI,Rating\n2020-01-01,Star Wars,1977,https://boxd.it/2a7O,4.5\n"},
)
PREVIEW = answer_example(
    "One film, recognised",
    {
        "source": "Letterboxd",
        "sure": [{"film": _FILM, "stars": 5, "own_stars": None}],
        "doubts": [],
        "doubts_left_out": 0,
        "missing": [],
        "missing_count": 0,
        "unrated": 0,
        "fault_count": 0,
        "token": "eyJ1c2VyIjo3fQ:1abc:signature",
    },
)
APPLY = request_example(
    "With one decision", {"token": "eyJ1c2VyIjo3fQ:1abc:signature", "decisions": {"3": 50}}
)
EXPORT = answer_example(
    "An account with one rating",
    {
        "format": "movierec-account-1",
        "account": {"name": "ann"},
        "ratings": [{**_FILM, "stars": 5, "rated_at": "2026-01-01T12:00:00+00:00"}],
    },
)
DELETION = request_example("With the password", {"password": "a long sentence"})
