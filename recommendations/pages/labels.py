"""What the values of the data are called on the site; the values themselves are English words of MovieLens.

``gettext_noop`` marks them one by one, because the extraction of messages cannot see through a variable.
"""

from dataclasses import dataclass

from django.utils.translation import get_language, gettext, gettext_noop

from recommendations.ranking.dials import BOLD, LIKE, NEXT
from recommendations.stars import MOST_STARS

GENRE_LABELS = {
    "unknown": gettext_noop("unknown genre"),
    "Action": gettext_noop("Action"),
    "Adventure": gettext_noop("Adventure"),
    "Animation": gettext_noop("Animation"),
    "Children's": gettext_noop("Children's"),
    "Comedy": gettext_noop("Comedy"),
    "Crime": gettext_noop("Crime"),
    "Documentary": gettext_noop("Documentary"),
    "Drama": gettext_noop("Drama"),
    "Fantasy": gettext_noop("Fantasy"),
    "Film-Noir": gettext_noop("Film-Noir"),
    "Horror": gettext_noop("Horror"),
    "Musical": gettext_noop("Musical"),
    "Mystery": gettext_noop("Mystery"),
    "Romance": gettext_noop("Romance"),
    "Sci-Fi": gettext_noop("Sci-Fi"),
    "Thriller": gettext_noop("Thriller"),
    "War": gettext_noop("War"),
    "Western": gettext_noop("Western"),
}

OCCUPATION_LABELS = {
    "administrator": gettext_noop("administrator"),
    "artist": gettext_noop("artist"),
    "doctor": gettext_noop("doctor"),
    "educator": gettext_noop("educator"),
    "engineer": gettext_noop("engineer"),
    "entertainment": gettext_noop("entertainment"),
    "executive": gettext_noop("executive"),
    "healthcare": gettext_noop("healthcare"),
    "homemaker": gettext_noop("homemaker"),
    "lawyer": gettext_noop("lawyer"),
    "librarian": gettext_noop("librarian"),
    "marketing": gettext_noop("marketing"),
    "none": gettext_noop("no occupation"),
    "other": gettext_noop("another occupation"),
    "programmer": gettext_noop("programmer"),
    "retired": gettext_noop("retired"),
    "salesman": gettext_noop("salesperson"),
    "scientist": gettext_noop("scientist"),
    "student": gettext_noop("student"),
    "technician": gettext_noop("technician"),
    "writer": gettext_noop("writer"),
}

GENDER_LABELS = {"F": gettext_noop("woman"), "M": gettext_noop("man")}

# Each kind of list, and what it is in one sentence.
KIND_LABELS = {
    LIKE: (
        gettext_noop("What you will like"),
        gettext_noop("The films that you would give most stars, well known or not."),
    ),
    NEXT: (
        gettext_noop("What people like you watch next"),
        gettext_noop("The films that people with your taste went on to and liked."),
    ),
    BOLD: (
        gettext_noop("Bold"),
        gettext_noop("Films unlike each other and less obvious; some will miss, some will surprise you."),
    ),
}

# The account form shows these values unchanged, so they need a translation as well.
_RAW_VALUES = (gettext_noop("unknown"), gettext_noop("none"), gettext_noop("other"), gettext_noop("salesman"))


def counted_stars(stars: float) -> int:
    """The whole number by which a message of so many stars is chosen, since gettext takes no halves.

    French counts what it has begun ("1,5 étoile"), English says "1.5 stars" and "0.5 stars".
    """
    if stars == int(stars):
        return int(stars)
    return int(stars) if (get_language() or "").startswith("fr") else MOST_STARS


def decade_label(decade: int) -> str:
    """The decade in the current language: 1940s."""
    return gettext("%(decade)ss") % {"decade": decade}


def genre_label(name: str) -> str:
    """The genre in the current language; a genre that is not in MovieLens stays as it is."""
    return gettext(GENRE_LABELS[name]) if name in GENRE_LABELS else name


def occupation_label(name: str) -> str:
    """The occupation in the current language."""
    return gettext(OCCUPATION_LABELS[name]) if name in OCCUPATION_LABELS else name


def gender_label(value: str) -> str:
    """The gender in the current language."""
    return gettext(GENDER_LABELS[value]) if value in GENDER_LABELS else value


@dataclass(frozen=True)
class ListKind:
    """A kind of list to choose, in the current language."""

    name: str
    label: str
    sentence: str
    is_chosen: bool


def list_kinds(*, chosen: str) -> tuple[ListKind, ...]:
    """Every kind of list."""
    return tuple(
        ListKind(name, gettext(label), gettext(sentence), name == chosen)
        for name, (label, sentence) in KIND_LABELS.items()
    )
