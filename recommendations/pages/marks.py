"""The form with stars, watchlist and hiding that stands below every film."""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from recommendations.pages.labels import counted_stars
from recommendations.pages.visit.values import PAUSED, SEEN, UNWANTED
from recommendations.stars import HALF, MOST_STARS, STARS, plain_stars

# What takes a mark back.
_ENDS = {PAUSED: "resume", UNWANTED: "as_before"}


class HasTitle(Protocol):
    """A film of any kind."""

    movie_id: int
    title: str


@lru_cache(maxsize=8)
def _words(_language: str | None) -> dict[str, str]:
    """The texts of the form in the active language, escaped; ``%(title)s`` is filled in per film."""
    words = {
        "group": _("Your stars for %(title)s"),
        "listed": _("%(title)s on your watchlist"),
        "watchlist": _("Watchlist"),
        "unrate": _("Remove"),
        "unrate-name": _("Remove your rating of %(title)s"),
        "unhide": _("Show again"),
        "unhide-name": _("Show %(title)s again"),
        "see": _("Seen"),
        "see-name": _("I have seen %(title)s"),
        "more": _("More"),
        "more-name": _("More about %(title)s"),
        "pause": _("Not tonight"),
        "pause-name": _("Not tonight: %(title)s"),
        "less": _("Less like this"),
        "less-name": _("Less like this: %(title)s"),
        "resume": _("Tonight after all"),
        "resume-name": _("Tonight after all: %(title)s"),
        "as_before": _("As before"),
        "as_before-name": _("As before: %(title)s"),
        "hide": _("Hide"),
        "hide-name": _("Hide %(title)s"),
    }
    for halves in range(1, 2 * MOST_STARS + 1):
        star = plain_stars(halves / 2)
        shown = str(star) if star in STARS else f"{int(star) or ''}½"
        # Of half stars, each language counts in its own way.
        words[f"star-{star}"] = ngettext("%(star)s star", "%(star)s stars", counted_stars(star)) % {
            "star": shown
        }
    return {name: escape(text) for name, text in words.items()}


@lru_cache(maxsize=32)
def _address_pattern(name: str) -> str:
    return reverse(f"pages:{name}", args=[0])


def marks_form(
    film: HasTitle,
    *,
    token: str,
    stars: float | None = None,
    is_hidden: bool = False,
    is_watched: bool = False,
    mark: str = "",
    length: int | None = None,
    filters: str = "",
    way_back: str | None = None,
    shown: str = "",
    halves: bool = False,
) -> SafeString:
    """The form for one film.

    ``length`` of the list makes every button swap the list with htmx; ``filters`` are those of the list; ``mark`` is
    one of :data:`recommendations.pages.visit.values.MARKS` that the film has;
    ``way_back`` is the address to return to, and ``shown`` says where the film was shown.
    With ``halves``, the star that was given gives half a star less.
    """
    words = _words(get_language())
    title = {"title": escape(film.title)}

    def address(name: str) -> str:
        return escape(_address_pattern(name).replace("/0/", f"/{film.movie_id}/"))

    def send(name: str) -> str:
        swapped = f' hx-post="{address(name)}"' if length else ""
        return f' formaction="{address(name)}"{swapped}'

    def button(css: str, name: str, label: str, text: str, pressed: str = "") -> str:
        return (
            f'<button type="submit" class="{css}"{send(name)}{pressed}'
            f' aria-label="{words[label] % title}">{words[text]}</button>'
        )

    drawn = []
    for star in STARS:
        state, given = "", star - HALF if halves and stars == star else star
        if stars:
            state = f' aria-pressed="{"true" if star - HALF <= stars <= star else "false"}"'
            state += ' class="is-on"' if stars >= star else ' class="is-half"' if stars > star - 1 else ""
        swapped = f' hx-post="{address("rate")}"' if length else ""
        drawn.append(
            f'<button type="submit" name="stars" value="{given}"{state} aria-label="{words[f"star-{given}"]}"{swapped}>'
            '<span aria-hidden="true">★</span></button>'
        )
    hidden = f'<input type="hidden" name="csrfmiddlewaretoken" value="{escape(token)}">' if token else ""
    if length:
        hidden += f'<input type="hidden" name="k" value="{length}">'
    if filters:
        hidden += f'<input type="hidden" name="filter" value="{escape(filters)}">'
    if shown:
        hidden += f'<input type="hidden" name="from" value="{escape(shown)}">'
    if way_back:
        hidden += f'<input type="hidden" name="next" value="{escape(way_back)}">'
    if is_watched:
        watch = button("marks__watch is-on", "unwatch", "listed", "watchlist", ' aria-pressed="true"')
    else:
        watch = button("marks__watch", "watch", "listed", "watchlist", ' aria-pressed="false"')
    end = "unrate" if stars else "unhide" if is_hidden else "hide"
    if mark and not stars:
        end = _ENDS.get(mark, end)
    quiet = "" if mark == SEEN and not stars else button("marks__quiet", end, f"{end}-name", end)
    seen = "" if stars else button("marks__seen", "see", "see-name", "see", ' aria-pressed="false"')
    if mark == SEEN and not stars:
        state = ' aria-pressed="true"'
        seen = button("marks__seen is-on", "unsee", "see-name", "see", state)
    more = ""
    if not (stars or is_hidden or mark):
        others = "".join(button("marks__seen", name, f"{name}-name", name) for name in ("pause", "less"))
        more = (
            f'<details class="marks__more"><summary aria-label="{words["more-name"] % title}">{words["more"]}</summary>'
            f"<span>{others}</span></details>"
        )
    # Everything in it is escaped above.
    return mark_safe(  # nosec B308 B703
        f'<form class="marks" method="post" action="{address("rate")}">{hidden}'
        f'<div class="stars" role="group" aria-label="{words["group"] % title}">{"".join(drawn)}</div>'
        f"{seen}{watch}{quiet}{more}</form>"
    )
