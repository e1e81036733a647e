"""Finding films: by title with suggestions while typing, narrowed, ordered and paged by the address alone."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from recommendations.pages.forms import WholeNumberField
from recommendations.pages.labels import decade_label, genre_label, language_label
from recommendations.pages.visit.requests import viewer_of
from recommendations.pages.visit.said import take_said
from recommendations.pages.visit.values import Feedback
from recommendations.pages.visit.viewer import Viewer
from recommendations.selectors import catalogue, film_details
from recommendations.selectors.described import films_described
from recommendations.selectors.film_figures import catalogue_decades
from recommendations.selectors.lists import stars
from recommendations.selectors.lists.champion import champion_data

FOUND_FILMS = 24
LONGEST_NAME = 120
SUGGESTED_FILMS = 8
DESCRIBED_FILMS = 12
# From so many words on, a text may as well say what a film is about.
LEAST_WORDS = 3
MOST_PAGES = 400  # Elasticsearch pages through 10,000 films at most
# Least and most ratings of a film.
POPULARITY: dict[str, tuple[int | None, int | None]] = {
    "": (None, None),
    "well": (100, None),
    "middle": (20, 99),
    "little": (None, 19),
}
_POPULARITY_NAMES = (
    ("", gettext_lazy("any")),
    ("well", gettext_lazy("well known (100 ratings or more)")),
    ("middle", gettext_lazy("in between")),
    ("little", gettext_lazy("little known (under 20 ratings)")),
)
_ORDER_NAMES = (
    ("", gettext_lazy("best match")),
    ("known", gettext_lazy("best known first")),
    ("liked", gettext_lazy("most liked first")),
    ("newest", gettext_lazy("newest first")),
    ("oldest", gettext_lazy("oldest first")),
)


class SearchForm(forms.Form):
    """A title, or part of one; the other fields narrow and order what is found."""

    use_required_attribute = False
    q = forms.CharField(
        label=gettext_lazy("Title, or what it is about"),
        required=False,
        strip=True,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "maxlength": "200"}),
    )
    genre = forms.ChoiceField(
        label=gettext_lazy("Genre"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Genre: choose one of the list, or any.")},
    )
    decade = WholeNumberField(
        label=gettext_lazy("Decade"),
        required=False,
        min_value=1880,
        max_value=2090,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"),
            gettext_lazy("Decade: “%(value)s” does not fit; choose one of the list."),
        ),
    )
    person = forms.CharField(
        label=gettext_lazy("Director or actor"),
        required=False,
        strip=True,
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"max_length": gettext_lazy("Director or actor: this name is too long.")},
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Language: choose one of the list, or any.")},
    )
    popularity = forms.ChoiceField(
        label=gettext_lazy("Popularity"),
        required=False,
        choices=_POPULARITY_NAMES,
        error_messages={"invalid_choice": gettext_lazy("Popularity: choose one of the list, or any.")},
    )
    order = forms.ChoiceField(
        label=gettext_lazy("Order"),
        required=False,
        choices=_ORDER_NAMES,
        error_messages={"invalid_choice": gettext_lazy("Order: choose one of the list.")},
    )
    page = WholeNumberField(
        required=False,
        min_value=1,
        max_value=MOST_PAGES,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"),
            gettext_lazy("Page: “%(value)s” does not fit; the pages are numbered from 1."),
        ),
    )

    def __init__(self, *args: Any, decades: tuple[int, ...], **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "search_%s", **kwargs})
        named = ((name, capfirst(genre_label(name))) for name in champion_data().genres)
        genres = sorted(named, key=lambda pair: pair[1])
        genre = self.fields["genre"]
        assert isinstance(genre, forms.ChoiceField)
        genre.choices = [("", gettext_lazy("any")), *genres]
        names = [("", gettext_lazy("any")), *((str(decade), decade_label(decade)) for decade in decades)]
        self.fields["decade"].widget = forms.Select(choices=names)
        languages = sorted(
            ((name, capfirst(language_label(name))) for name in film_details.catalogue_languages()),
            key=lambda pair: pair[1],
        )
        # What the data know nothing of is not asked for.
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)
        language.choices = [("", gettext_lazy("any")), *languages]
        if not languages:
            del self.fields["language"]
        if not film_details.has_people():
            del self.fields["person"]
        if not genres:
            del self.fields["genre"]

    def describes(self, found: catalogue.FilmSearch) -> bool:
        """Whether the text may say what films are about, beside being a title."""
        values = self.cleaned_data
        others = any(values.get(name) for name in ("person", "language", "popularity", "order", "page"))
        words = len(values["q"].split())
        return words > 0 and not others and (words >= LEAST_WORDS or not found.total)

    def wish(self) -> dict[str, Any]:
        """The arguments of :func:`catalogue.search_films` for a valid form."""
        values = self.cleaned_data
        least, most = POPULARITY[values["popularity"]]
        return {
            "text": values["q"],
            "genre": values.get("genre") or None,
            **{name: values[name] for name in ("person", "language") if values.get(name)},
            "decade": None if values["decade"] is None else values["decade"] // 10 * 10,
            "least_ratings": least,
            "most_ratings": most,
            "order": values["order"] or "best",
            "offset": ((values["page"] or 1) - 1) * FOUND_FILMS,
            "limit": FOUND_FILMS,
        }

    @property
    def shown_fields(self) -> list[forms.BoundField]:
        """Everything but the page, on which a new search must not depend."""
        return [field for field in self if not field.is_hidden]

    @property
    def narrowed(self) -> bool:
        """Whether anything but the title narrows or orders."""
        return any(
            self.cleaned_data.get(name)
            for name in ("genre", "decade", "person", "language", "popularity", "order")
        )


@require_safe
@cache_control(private=True, no_cache=True)
def search(request: HttpRequest) -> HttpResponse:
    """``?q=``, ``genre=``, ``decade=``, ``popularity=``, ``order=``, ``page=``; without words the best known films."""
    form = SearchForm(request.GET, decades=catalogue_decades())
    wish = form.wish() if form.is_valid() else None
    found = catalogue.search_films(**wish) if wish else None
    context: dict[str, Any] = {"form": form, "found": found, "text": form.cleaned_data.get("q", "")}
    if wish and found:
        page = form.cleaned_data["page"] or 1
        numbers = [film.movie_id for film in found.items]
        viewer = viewer_of(request)
        if form.describes(found):
            context |= _described(request, wish, viewer)
            numbers += [one.film.movie_id for one in context["described"].items]
        context["expected"] = stars.expected_for(viewer.person, movie_ids=numbers)
        pages = min(-(-found.total // FOUND_FILMS), MOST_PAGES)
        context |= {
            "page": page,
            "pages": pages,
            "first_page": _address(request, 1),
            "earlier": _address(request, page - 1) if page > 1 else None,
            "later": _address(request, page + 1) if page < pages else None,
            **_marks(viewer, found),
        }
    return render(request, "pages/search.html", context, status=200 if found else 400)


def _described(request: HttpRequest, wish: dict[str, Any], viewer: Viewer) -> dict[str, Any]:
    """Films that the text fits as a description; whoever has a taste chooses whether it joins in."""
    query = request.GET.copy()
    suits = viewer.has_person and query.get("suits") == "me"
    described = films_described(
        text=wish["text"],
        limit=DESCRIBED_FILMS,
        genre=wish["genre"],
        decade=wish["decade"],
        person=viewer.person if suits else None,
    )
    query["suits"] = "" if suits else "me"
    return {"described": described, "suits_me": suits, "other_order": f"?{query.urlencode()}#described"}


def _marks(viewer: Viewer, found: catalogue.FilmSearch) -> dict[str, Any]:
    """The films with what whoever looks has said of them, and what has just been said."""
    can_mark = viewer.has_person
    feedback = viewer.feedback if can_mark else Feedback()
    films = [
        {
            "film": film,
            "stars": feedback.stars_of(film.movie_id),
            "is_hidden": film.movie_id in feedback.hidden,
        }
        for film in found.items
    ]
    said = take_said(viewer.request) if can_mark else None
    shown = said is not None and any(film.movie_id == said.movie_id for film in found.items)
    return {
        "films": films,
        "can_mark": can_mark,
        "watched": frozenset(feedback.watchlist),
        "said": said if shown else None,
        "said_of_another": None if shown else said,
    }


def _address(request: HttpRequest, page: int) -> str:
    """This search's address with another page; empty fields are left out, so that it is short enough to share."""
    query = request.GET.copy()
    for name in [name for name, value in query.items() if not value]:
        del query[name]
    query["page"] = str(page)
    if page == 1:
        del query["page"]
    return f"?{query.urlencode()}"


@require_safe
@cache_control(private=True, max_age=60)
def suggest(request: HttpRequest) -> HttpResponse:
    """The options of the list below the field for the title ``?q=``; nothing else of a page."""
    films = catalogue.suggest_films(text=request.GET.get("q", ""), limit=SUGGESTED_FILMS)
    response = render(request, "pages/_suggestions.html", {"films": films})
    response.headers["Vary"] = "Accept-Language, Cookie"
    return response
