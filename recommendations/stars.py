"""What a rating may be. Every room knows it, down to those that do without NumPy."""

LEAST_STARS, MOST_STARS = 1, 5
STARS = range(LEAST_STARS, MOST_STARS + 1)
