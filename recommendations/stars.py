"""What a rating may be. Every room knows it, down to those that do without NumPy."""

LEAST_STARS, MOST_STARS = 1, 5
STARS = range(LEAST_STARS, MOST_STARS + 1)
# Where the version's ratings come in halves.
HALF, FEWEST_STARS = 0.5, 0.5


def plain_stars(stars: float) -> int | float:
    """Whole stars as a whole number: 4.0 is 4, and 3.5 stays."""
    return int(stars) if stars == int(stars) else float(stars)
