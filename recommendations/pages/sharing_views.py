"""Lists under a link: the page that others see, its picture, and the pages of their owner."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import user_of
from recommendations.covers.picture import list_picture
from recommendations.errors import MovierecError
from recommendations.models import SharedList
from recommendations.pages.account.ways import letter_link, see
from recommendations.pages.visit.requests import viewer_of
from recommendations.selectors import sharing as selectors
from recommendations.selectors.lists.recommendations import recommendations_for
from recommendations.selectors.lists.world import look_at
from recommendations.selectors.sharing import SharedPage
from recommendations.services import sharing as services

FONTS = Path(settings.RESOURCES) / "static" / "vendor" / "big-shoulders"
PROGRAMME_FILMS = 20
# Of a link that is passed on, neither search engines nor the pages that it leads to hear.
_UNLISTED = {"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}


@never_cache
@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """A list as its owner shows it to others."""
    found = selectors.shared_page(token=token)
    if found is None:
        return _gone(request)
    context = {
        "found": found,
        "line": _count_line(found),
        "address": letter_link(request, "pages:shared", token=token),
        "picture": letter_link(request, "pages:shared_picture", token=token),
    }
    response = render(request, "pages/shared.html", context)
    return _unlisted(response)


@never_cache
@require_safe
def picture(request: HttpRequest, token: str) -> HttpResponse:
    """What a messenger shows beside the link."""
    found = selectors.shared_page(token=token)
    if found is None:
        return _gone(request)
    films = [
        f"{each.film.title} ({each.film.year})" if each.film.year else each.film.title for each in found.films
    ]
    drawn = list_picture(title=found.shared.title, films=films, count_line=_count_line(found), fonts=FONTS)
    return _unlisted(HttpResponse(drawn, content_type="image/png"))


def _count_line(found: SharedPage) -> str:
    sentence = ngettext("%(number)s film, by %(name)s", "%(number)s films, by %(name)s", found.count)
    return sentence % {"number": found.count, "name": found.owner}


def _unlisted(response: HttpResponse) -> HttpResponse:
    for name, value in _UNLISTED.items():
        response[name] = value
    return response


def _gone(request: HttpRequest) -> HttpResponse:
    return _unlisted(render(request, "pages/shared_gone.html", status=404))


@never_cache
@login_required
@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    """Everything that somebody has collected, and which of it others can see."""
    user = user_of(request)
    links = [
        (each, letter_link(request, "pages:shared", token=each.token))
        for each in selectors.shared_by(user=user)
    ]
    context = {"lists": selectors.own_lists(user=user), "links": links}
    return render(request, "accounts/lists.html", context)


@never_cache
@login_required
@require_safe
def own_list(request: HttpRequest, number: int) -> HttpResponse:
    """One list of one's own."""
    found = selectors.list_films(user=user_of(request), number=number)
    if found is None:
        messages.info(request, _("Your account has no such list."))
        return see("accounts:lists")
    return render(request, "accounts/list.html", {"list": found[0], "films": found[1]})


@require_POST
@never_cache
@login_required
def share(request: HttpRequest) -> HttpResponse:
    """Put a list under a link."""
    kind, number = request.POST.get("kind", ""), request.POST.get("list", "")
    try:
        films = _programme(request) if kind == SharedList.Kind.PROGRAMME else ()
        services.share_list(
            user=user_of(request),
            kind=kind,
            title=request.POST.get("title", ""),
            film_list=int(number) if number.isascii() and number.isdigit() and len(number) < 10 else None,
            films=films,
        )
    except MovierecError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The list is shared; whoever has its link below can read it."))
    return see("accounts:lists")


def _programme(request: HttpRequest) -> tuple[int, ...]:
    viewer = viewer_of(request)
    person = viewer.person
    if person is None:
        return ()
    listed = recommendations_for(look_at(person, viewer.dials), k=PROGRAMME_FILMS)
    return tuple(film.movie_id for film in listed.items)


@require_POST
@never_cache
@login_required
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    """Take a link back."""
    if services.revoke_shared_list(user=user_of(request), number=number):
        messages.success(request, _("The link is taken back; nobody sees anything under it any more."))
    return see("accounts:lists")
