"""Which drawings stand for which genre; the crowded genres have several, and a film always gets the same one.

A motif takes a :class:`~recommendations.covers.pen.Pen` and returns SVG elements on a field of 300 × 300.
"""

from collections.abc import Callable

from recommendations.covers import bright, dark
from recommendations.covers.pen import Pen

Motif = Callable[[Pen], list[str]]

MOTIFS: dict[str, tuple[Motif, ...]] = {
    "unknown": (dark.unknown,),
    "Action": (bright.action,),
    "Adventure": (bright.adventure,),
    "Animation": (bright.animation,),
    "Children's": (bright.children,),
    "Comedy": (bright.comedy, bright.confetti, bright.curtain),
    "Crime": (bright.crime,),
    "Documentary": (bright.documentary,),
    "Drama": (bright.drama, bright.doorway, bright.evening, bright.stairs),
    "Fantasy": (dark.fantasy,),
    "Film-Noir": (dark.film_noir,),
    "Horror": (dark.horror,),
    "Musical": (dark.musical,),
    "Mystery": (dark.mystery,),
    "Romance": (bright.romance, bright.evening),
    "Sci-Fi": (dark.science_fiction,),
    "Thriller": (dark.thriller,),
    "War": (dark.war,),
    "Western": (dark.western,),
}
