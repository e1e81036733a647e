"""Examples of the operations on what is mine."""

from recommendations.api.films.examples import STAR_WARS
from recommendations.api.schema import answer_example, request_example

_RATING = {**STAR_WARS, "stars": 5, "rated_at": "2026-01-01T12:00:00Z"}
RATINGS = answer_example("One rating", {"items": [_RATING], "total": 1, "next": None})
RATING = answer_example("A rating", _RATING)
STARS = request_example("Great", {"stars": 5})
SEVERAL = request_example(
    "Two ratings", {"ratings": [{"movie_id": 50, "stars": 5}, {"movie_id": 181, "stars": 4}]}
)
MERGED = answer_example("Both are new", {"added": 2, "changed": 0, "kept": 0})
MARKED = answer_example("One film", {"items": [STAR_WARS], "total": 1, "next": None})
CHANGED_PROFILE = request_example("Another age, and no occupation", {"age": 31, "occupation": None})
TASTE = answer_example(
    "After one rating",
    {
        "beliefs": ["You like more than most people do: Sci-Fi."],
        "profile_weight": 0.6,
        "rating_count": 1,
        "mean_stars": 5.0,
        "genres": [{"genre": "Sci-Fi", "affinity": 3.9, "average": 3.5, "rating_count": 1}],
        "telling_ratings": [{"movie_id": 50, "title": "Star Wars", "stars": 5, "influence": 1.0}],
    },
)
