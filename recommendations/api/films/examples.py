"""Examples of the operations on films."""

from recommendations.api.schema import answer_example

STAR_WARS = {
    "movie_id": 50,
    "title": "Star Wars",
    "year": 1977,
    "genres": ["Action", "Adventure", "Romance", "Sci-Fi", "War"],
}
PAGE = answer_example("The first page", {"items": [STAR_WARS], "degraded": False, "total": 1, "next": None})
FILMS = answer_example("One film", {"items": [STAR_WARS]})
FILM = answer_example(
    "A film",
    {
        **STAR_WARS,
        "rating_count": 583,
        "mean_stars": 4.36,
        "like_share": 0.51,
        "histogram": [9, 16, 57, 176, 325],
    },
)
SIMILAR = answer_example(
    "One film",
    {
        "items": [
            {
                "movie_id": 172,
                "title": "The Empire Strikes Back",
                "year": 1980,
                "genres": ["Action", "Adventure"],
                "weight": 0.31,
                "reason": "Who likes Star Wars likes it as well; both are: Action, Adventure.",
            }
        ]
    },
)
