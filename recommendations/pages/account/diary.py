"""The diary: when films were seen, to be written and read, and a year of it on one page."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import user_of
from recommendations.errors import MovierecError
from recommendations.pages.account.ways import safe_next, see
from recommendations.selectors import diary as selectors
from recommendations.services import diary as services

ENTRIES_ON_PAGE = 40


@never_cache
@login_required
@require_safe
def diary(request: HttpRequest) -> HttpResponse:
    """What was seen, newest first."""
    page = Paginator(selectors.viewings_of(user=user_of(request)), ENTRIES_ON_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "page": page,
        "entries": selectors.entries_of(user=user_of(request), viewings=list(page.object_list)),
        "years": selectors.years_of(user=user_of(request)),
    }
    return render(request, "accounts/diary.html", context)


@never_cache
@login_required
@require_safe
def year(request: HttpRequest, year: int) -> HttpResponse:
    """A year in films."""
    if not date.min.year <= year <= date.max.year:
        raise Http404
    found = selectors.year_in_films(user=user_of(request), year=year)
    if found is None:
        messages.info(request, _("Your diary has nothing of %(year)s.") % {"year": year})
        return see("accounts:diary")
    months = [(MONTHS[int(share.name)], share) for share in found.months]
    others = [other for other, _count in selectors.years_of(user=user_of(request)) if other != year]
    ends = (found.first, found.last) if found.viewings > 1 else (found.first,)
    context = {"report": found, "months": months, "others": others, "ends": ends}
    return render(request, "accounts/year.html", context)


@require_POST
@never_cache
@login_required
def add(request: HttpRequest, movie_id: int) -> HttpResponse:
    """Write a film into the diary, for the day that was given or today."""
    back = HttpResponseRedirect(safe_next(request) or reverse("pages:film", args=[movie_id]), status=303)
    written = request.POST.get("seen_on", "").strip()
    try:
        day = date.fromisoformat(written) if written else timezone.localdate()
    except ValueError:
        messages.error(
            request, _("Day: “%(value)s” is no day; write it like 2026-01-31.") % {"value": written[:20]}
        )
        return back
    try:
        viewing = services.add_viewing(user=user_of(request), movie_id=movie_id, seen_on=day)
    except MovierecError as error:
        messages.error(request, str(error))
        return back
    sentence = _("%(film)s is in your diary.") % {"film": viewing.movie.title}
    messages.success(request, sentence)
    return back


@require_POST
@never_cache
@login_required
def remove(request: HttpRequest, number: int) -> HttpResponse:
    """Take an entry out of the diary."""
    if services.remove_viewing(user=user_of(request), number=number):
        messages.info(request, _("The entry is taken out of your diary."))
    return HttpResponseRedirect(safe_next(request) or reverse("accounts:diary"), status=303)
