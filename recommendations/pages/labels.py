"""What the values of the data are called on the site; the values themselves are English words of MovieLens.

``gettext_noop`` marks them one by one, because the extraction of messages cannot see through a variable.
"""

from dataclasses import dataclass

from django.conf.locale import LANG_INFO
from django.utils.translation import get_language, get_language_info, gettext, gettext_noop

from recommendations.ranking.dataset import DataSet
from recommendations.ranking.dials import BOLD, LIKE, NEXT
from recommendations.services.datasets import KNOWN
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
# Genres of other data sets.
MORE_GENRE_LABELS = {
    "Adult": gettext_noop("Adult"),
    "Animated": gettext_noop("Animated"),
    "Biography": gettext_noop("Biography"),
    "Children": gettext_noop("Children"),
    "Dance": gettext_noop("Dance"),
    "Disaster": gettext_noop("Disaster"),
    "Erotic": gettext_noop("Erotic"),
    "Family": gettext_noop("Family"),
    "Found Footage": gettext_noop("Found Footage"),
    "Game-Show": gettext_noop("Game-Show"),
    "Historical": gettext_noop("Historical"),
    "History": gettext_noop("History"),
    "IMAX": gettext_noop("IMAX"),
    "Independent": gettext_noop("Independent"),
    "Legal": gettext_noop("Legal"),
    "Live Action": gettext_noop("Live Action"),
    "Martial Arts": gettext_noop("Martial Arts"),
    "Music": gettext_noop("Music"),
    "News": gettext_noop("News"),
    "Noir": gettext_noop("Noir"),
    "Performance": gettext_noop("Performance"),
    "Political": gettext_noop("Political"),
    "Reality-TV": gettext_noop("Reality-TV"),
    "Satire": gettext_noop("Satire"),
    "Science Fiction": gettext_noop("Science Fiction"),
    "Short": gettext_noop("Short"),
    "Silent": gettext_noop("Silent"),
    "Slasher": gettext_noop("Slasher"),
    "Sport": gettext_noop("Sport"),
    "Sports": gettext_noop("Sports"),
    "Spy": gettext_noop("Spy"),
    "Superhero": gettext_noop("Superhero"),
    "Supernatural": gettext_noop("Supernatural"),
    "Suspense": gettext_noop("Suspense"),
    "TV Movie": gettext_noop("TV Movie"),
    "Talk-Show": gettext_noop("Talk-Show"),
    "Teen": gettext_noop("Teen"),
}
_LANGUAGE_CODES = {info["name"].casefold(): code for code, info in LANG_INFO.items() if "name" in info}
_GENRES_BY_FOLDED_NAME = {
    name.casefold(): label for name, label in (GENRE_LABELS | MORE_GENRE_LABELS).items()
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
    """The genre in the current language; one that no known data set has stays as it is."""
    label = _GENRES_BY_FOLDED_NAME.get(name.casefold())
    return gettext(label) if label else name


def language_label(value: str) -> str:
    """A language in the current language, from its code or its English name; another text stays as it is."""
    code = value if value in LANG_INFO else _LANGUAGE_CODES.get(value.casefold(), "")
    return str(get_language_info(code)["name_translated"]) if code else value


def running_time(minutes: int) -> str:
    """Minutes as people say a film's length: 1 h 38 min."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return gettext("%(minutes)s min") % {"minutes": rest}
    if not rest:
        return gettext("%(hours)s h") % {"hours": hours}
    return gettext("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}


def data_family(data: DataSet) -> str:
    """What people call the data: MovieLens for each of its releases, else their own name."""
    if data.layout.startswith("ml-"):
        return "MovieLens"
    return "MovieTweetings" if data.layout == "movietweetings" else data.name


def data_credit(data: DataSet) -> str:
    """Where the ratings are from, in one sentence, with the paper that their authors ask for."""
    family = data_family(data)
    if family == "MovieLens":
        title = KNOWN[data.name].title.partition(" (")[0] if data.name in KNOWN else family
        return gettext(
            "Ratings: the %(title)s data set of GroupLens, described in F. M. Harper and J. A. Konstan, “The MovieLens "
            "Datasets: History and Context”, ACM TiiS 5(4), 2015."
        ) % {"title": title}
    if family == "MovieTweetings":
        return gettext(
            "Ratings: the MovieTweetings data set, described in S. Dooms, T. De Pessemier and L. Martens, “MovieTweetings: "
            "a Movie Rating Dataset Collected From Twitter”, CrowdRec at RecSys 2013."
        )
    return gettext("Ratings: the data set “%(name)s”.") % {"name": data.name}


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
