"""Posters through the site, where an operator has a key for them; else the drawn cover stands in."""

from __future__ import annotations

import mimetypes

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from recommendations.pages.cover_address import cover_address
from recommendations.pages.film_views import HOUR
from recommendations.selectors import catalogue
from recommendations.services.posters import poster_of

DAY = 86_400


@require_safe
def poster(request: HttpRequest, movie_id: int) -> HttpResponseBase:
    """The poster, or the way to the drawn cover."""
    found = poster_of(movie_id=movie_id)
    if found is None:
        film = catalogue.film_facts(movie_id=movie_id)
        response: HttpResponse = redirect(
            reverse("pages:cover", args=[movie_id]) if film is None else cover_address(film)
        )
        response["Cache-Control"] = f"public, max-age={HOUR}"
        return response
    answer = FileResponse(found.open("rb"), content_type=mimetypes.guess_type(found.name)[0])
    answer["Cache-Control"] = f"public, max-age={30 * DAY}"
    return answer
