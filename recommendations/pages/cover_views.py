"""``/covers/<movie_id>.svg``: the generated cover of a film."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from recommendations.covers.covers import cover_digest, cover_svg
from recommendations.selectors.catalogue import film_facts

YEAR, HOUR = 31_536_000, 3600


@require_safe
def cover(request: HttpRequest, movie_id: int) -> HttpResponse:
    """The SVG. With the digest of the film in ``?v=`` it never changes; without, it is worth asking again."""
    film = film_facts(movie_id=movie_id)
    if film is None:
        raise Http404(_("There is no film with the number %(number)s.") % {"number": movie_id})
    digest = cover_digest(title=film.title, year=film.year, genres=film.genres)
    named = request.GET.get("v") == digest
    tag = quote_etag(digest)
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=304)
    else:
        svg = cover_svg(movie_id=film.movie_id, title=film.title, year=film.year, genres=film.genres)
        response = HttpResponse(svg, content_type="image/svg+xml; charset=utf-8")
    response["ETag"] = tag
    response["Cache-Control"] = f"public, max-age={YEAR}, immutable" if named else f"public, max-age={HOUR}"
    return response
