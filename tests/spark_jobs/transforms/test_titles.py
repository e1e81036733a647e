"""Every form that a title of MovieLens-100k has."""

import pytest
from pyspark.sql import functions as F

from spark_jobs.transforms.titles import display_title, title_year

pytestmark = pytest.mark.spark

# Title in the data → title to show and year; nearly all of them real.
CASES = {
    "Toy Story (1995)": ("Toy Story", 1995),
    "Godfather, The (1972)": ("The Godfather", 1972),
    "Kid in King Arthur's Court, A (1995)": ("A Kid in King Arthur's Court", 1995),
    "American in Paris, An (1951)": ("An American in Paris", 1951),
    "Haine, La (1995)": ("La Haine", 1995),
    "Grand bleu, Le (1988)": ("Le Grand bleu", 1988),
    "Misérables, Les (1995)": ("Les Misérables", 1995),
    "Enfer, L' (1994)": ("L'Enfer", 1994),
    "Avventura, L' (Adventure, The) (1960)": ("L'Avventura (The Adventure)", 1960),
    "Postino, Il (1994)": ("Il Postino", 1994),
    "Good, The Bad and The Ugly, The (1966)": ("The Good, The Bad and The Ugly", 1966),
    "Corrina, Corrina (1994)": ("Corrina, Corrina", 1994),
    "Paris, Texas (1984)": ("Paris, Texas", 1984),
    "Seven (Se7en) (1995)": ("Seven (Se7en)", 1995),
    "Horseman on the Roof, The (Hussard sur le toit, Le) (1995)": (
        "The Horseman on the Roof (Le Hussard sur le toit)",
        1995,
    ),
    "Double vie de Véronique, La (Double Life of Veronique, The) (1991)": (
        "La Double vie de Véronique (The Double Life of Veronique)",
        1991,
    ),
    "Star Maker, The (Uomo delle stelle, L') (1995)": ("The Star Maker (L'Uomo delle stelle)", 1995),
    "Tin Drum, The (Blechtrommel, Die) (1979)": ("The Tin Drum (Die Blechtrommel)", 1979),
    "Seventh Seal, The (Sjunde inseglet, Det) (1957)": ("The Seventh Seal (Det Sjunde inseglet)", 1957),
    "Convent, The (Convento, O) (1995)": ("The Convent (O Convento)", 1995),
    "Maybe, Maybe Not (Bewegte Mann, Der) (1994)": ("Maybe, Maybe Not (Der Bewegte Mann)", 1994),
    "Mrs. Brown (Her Majesty, Mrs. Brown) (1997)": ("Mrs. Brown (Her Majesty, Mrs. Brown)", 1997),
    "Hate (Haine, La) (1995)": ("Hate (La Haine)", 1995),
    "Die xue shuang xiong (Killer, The) (1989)": ("Die xue shuang xiong (The Killer)", 1989),
    "I, Worst of All (Yo, la peor de todas) (1990)": ("I, Worst of All (Yo, la peor de todas)", 1990),
    "Land Before Time III: The Time of the Great Giving (1995) (V)": (
        "Land Before Time III: The Time of the Great Giving",
        1995,
    ),
    "Two Friends (1986) ": ("Two Friends", 1986),
    "2001: A Space Odyssey (1968)": ("2001: A Space Odyssey", 1968),
    "1984, The (1956)": ("The 1984", 1956),
    "Á köldum klaka (Cold Fever) (1994)": ("Á köldum klaka (Cold Fever)", 1994),
    "A film without a year, The": ("The A film without a year", None),
    "Ten (10)": ("Ten (10)", None),
    "The (1990)": ("The", 1990),
    "unknown (1990)": ("unknown", 1990),
    "unknown": ("Untitled film 33", None),
    "(1995)": ("Untitled film 35", 1995),
}


@pytest.fixture(scope="module")
def shown(spark):
    # The number is the place in the table plus one, so that the two nameless ones tell theirs.
    rows = [(number, original) for number, original in enumerate(CASES, 1)]
    frame = spark.createDataFrame(rows, "movie_id int, original string")
    frame = frame.select(
        "original",
        display_title(F.col("original"), F.col("movie_id")).alias("title"),
        title_year(F.col("original")).alias("year"),
    )
    return {row["original"]: (row["title"], row["year"]) for row in frame.collect()}


@pytest.mark.parametrize("original", CASES)
def test_a_title_is_shown_as_people_write_it(shown, original):
    title, year = CASES[original]
    if title.startswith("Untitled"):
        title = f"Untitled film {list(CASES).index(original) + 1}"
    assert shown[original] == (title, year)
