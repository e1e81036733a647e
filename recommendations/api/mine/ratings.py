"""My ratings: read in pages, given, changed and taken back, one by one or many at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.roles import user_of
from recommendations.api.base import NoQuery, SignedInView, checked_body, checked_query, conditional
from recommendations.api.examples import NO_SUCH_FILM
from recommendations.api.films.views import MOVIE_ID
from recommendations.api.mine import serializers
from recommendations.api.mine.serializers import (
    MergedSerializer,
    MyRatingPageSerializer,
    MyRatingSerializer,
    RatingsBody,
    StarsBody,
)
from recommendations.api.paging import PageQuery
from recommendations.api.schema import ETAG, IF_MATCH, IF_NONE_MATCH, described
from recommendations.api.serializers import unknown_film_errors
from recommendations.api.throttles import ExpensiveThrottle
from recommendations.models import Rating
from recommendations.selectors import catalogue
from recommendations.selectors.viewers import rating_of_user, ratings_of_user
from recommendations.services.feedback import rate_movie, remove_rating
from recommendations.services.merging import TimedRating, merge_marks
from recommendations.web.problems import ChangedError


def _as_dict(rating: Rating) -> dict[str, Any]:
    movie = rating.movie
    return {
        "movie_id": movie.movielens_id,
        "key": movie.key,
        "title": movie.title,
        "year": movie.year,
        "genres": [genre.name for genre in movie.genres.all()],
        "stars": rating.stars,
        "rated_at": rating.rated_at,
    }


class RatingsView(SignedInView):
    """The ratings of the account: a page of them, newest first."""

    http_method_names = ["get", "head", "post"]

    def get_throttles(self) -> list[Any]:
        more = [ExpensiveThrottle()] if self.request.method == "POST" else []
        return [*super().get_throttles(), *more]

    @described(
        operation_id="ratings_list",
        summary="My ratings",
        description="Newest first, in pages.",
        tags=["Mine"],
        parameters=[PageQuery, IF_NONE_MATCH, ETAG],
        answers={200: MyRatingPageSerializer, 304: None},
        examples=[serializers.RATINGS],
    )
    def get(self, request: Request) -> Any:
        query = checked_query(request, PageQuery)
        offset = query.offset()
        rows, total = ratings_of_user(
            user=user_of(request), offset=offset, limit=query.validated_data["limit"]
        )
        following = query.next_cursor(offset=offset, found=len(rows), total=total)
        page = MyRatingPageSerializer(
            {"items": [_as_dict(row) for row in rows], "total": total, "next": following}
        ).data
        return conditional(request, Response(page), request.user.pk, page)

    @described(
        operation_id="ratings_add",
        summary="Rate several films",
        description=(
            "All of them or, if one does not fit, none. They count as of now, in the order given; films that "
            "are not named keep their ratings."
        ),
        tags=["Mine"],
        request=RatingsBody,
        answers={200: MergedSerializer},
        examples=[serializers.SEVERAL, serializers.MERGED],
    )
    def post(self, request: Request) -> Response:
        ratings = checked_body(request, RatingsBody).validated_data["ratings"]
        unknown = catalogue.unknown_films(movie_ids={rating["movie_id"] for rating in ratings})
        if errors := unknown_film_errors(ratings, unknown):
            raise ValidationError({"ratings": errors})
        # One after the other, and none of them in the future.
        begin = timezone.now() - timedelta(microseconds=len(ratings))
        timed = [
            TimedRating(rating["movie_id"], rating["stars"], begin + timedelta(microseconds=position))
            for position, rating in enumerate(ratings)
        ]
        return Response(MergedSerializer(merge_marks(user=user_of(request), ratings=timed)).data)


class RatingView(SignedInView):
    """The rating of one film: put, read or taken back."""

    http_method_names = ["get", "head", "put", "delete"]

    @described(
        operation_id="ratings_read",
        summary="My rating of a film",
        description="404 if I have not rated it. Its ETag is for `If-Match`.",
        tags=["Mine"],
        parameters=[MOVIE_ID, IF_NONE_MATCH, ETAG],
        answers={200: MyRatingSerializer, 304: None},
        problems=(404,),
        examples=[serializers.RATING],
    )
    def get(self, request: Request, movie_id: int) -> Any:
        checked_query(request, NoQuery)
        rating = rating_of_user(user=user_of(request), movie_id=movie_id)
        if rating is None:
            raise Http404
        response = Response(MyRatingSerializer(_as_dict(rating)).data)
        response["ETag"] = _etag(rating)
        answered = get_conditional_response(request._request, etag=_etag(rating), response=response)
        return answered or response

    @described(
        operation_id="ratings_put",
        summary="Rate a film",
        description="Other stars than before replace them and count as of now; the same stars change nothing.",
        tags=["Mine"],
        parameters=[MOVIE_ID, IF_MATCH, ETAG],
        request=StarsBody,
        answers={200: MyRatingSerializer},
        problems=(404, 412),
        examples=[serializers.STARS, serializers.RATING, NO_SUCH_FILM],
    )
    def put(self, request: Request, movie_id: int) -> Response:
        stars = checked_body(request, StarsBody).validated_data["stars"]
        with transaction.atomic():
            self._refuse_if_changed(request, movie_id)
            rate_movie(user=user_of(request), movie_id=movie_id, stars=stars)
            rating = rating_of_user(user=user_of(request), movie_id=movie_id)
        if rating is None:
            raise Http404
        response = Response(MyRatingSerializer(_as_dict(rating)).data)
        response["ETag"] = _etag(rating)
        return response

    @described(
        operation_id="ratings_delete",
        summary="Take my rating of a film back",
        description="However often it is sent, it is done once: without a rating it changes nothing.",
        tags=["Mine"],
        parameters=[MOVIE_ID, IF_MATCH],
        answers={204: None},
        problems=(404, 412),
        examples=[NO_SUCH_FILM],
    )
    def delete(self, request: Request, movie_id: int) -> Response:
        checked_query(request, NoQuery)
        with transaction.atomic():
            self._refuse_if_changed(request, movie_id)
            remove_rating(user=user_of(request), movie_id=movie_id)
        return Response(status=204)

    def _refuse_if_changed(self, request: Request, movie_id: int) -> None:
        """``If-Match`` guards against overwriting what another tab has said meanwhile."""
        if not {"If-Match", "If-None-Match"} & set(request.headers):
            return
        # Changes of one person's ratings wait for each other here.
        User.objects.select_for_update().get(pk=user_of(request).pk)
        rating = rating_of_user(user=user_of(request), movie_id=movie_id)
        answer = get_conditional_response(
            request._request, etag=_etag(rating) if rating else None, response=HttpResponse()
        )
        if answer is not None and answer.status_code != 200:
            raise ChangedError(_("It is no longer what If-Match names. Read it again."))


def _etag(rating: Rating) -> str:
    return quote_etag(f"{rating.stars}-{rating.rated_at.timestamp():.6f}")
