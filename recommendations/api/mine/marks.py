"""My watchlist, the films that I hid and my other marks: lists that work alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import user_of
from recommendations.api.base import NoBody, NoQuery, SignedInView, checked_body, checked_query
from recommendations.api.examples import NO_SUCH_FILM
from recommendations.api.films.views import MOVIE_ID
from recommendations.api.mine import serializers
from recommendations.api.mine.serializers import MarkedPageSerializer
from recommendations.api.paging import PageQuery
from recommendations.api.schema import described
from recommendations.selectors.catalogue import films_by_id
from recommendations.selectors.viewers import marks_of_user
from recommendations.services import feedback

# Only PUT looks at the body, which has to be empty.
_PUT, _DELETE = (404, 413, 415), (404,)


class _MarksView(SignedInView):
    http_method_names = ["get", "head"]
    kind: ClassVar[str]

    def _page(self, request: Request) -> Response:
        query = checked_query(request, PageQuery)
        offset, limit = query.offset(), query.validated_data["limit"]
        numbers = tuple(getattr(marks_of_user(user=user_of(request)), self.kind))[::-1]
        shown = numbers[offset : offset + limit]
        facts = films_by_id(movie_ids=shown)
        following = query.next_cursor(offset=offset, found=len(shown), total=len(numbers))
        page = {"items": [facts[number] for number in shown], "total": len(numbers), "next": following}
        return Response(MarkedPageSerializer(page).data)


class _MarkView(SignedInView):
    http_method_names = ["put", "delete"]
    mark: ClassVar[Callable[..., Any]]
    unmark: ClassVar[Callable[..., Any]]

    def _put(self, request: Request, movie_id: int) -> Response:
        checked_body(request, NoBody)
        type(self).mark(user=request.user, movie_id=movie_id)
        return Response(status=204)

    def _delete(self, request: Request, movie_id: int) -> Response:
        checked_query(request, NoQuery)
        type(self).unmark(user=request.user, movie_id=movie_id)
        return Response(status=204)


def _described_list(operation_id: str, summary: str) -> Any:
    return described(
        operation_id=operation_id,
        summary=summary,
        description="Newest first, in pages.",
        tags=["Mine"],
        parameters=[PageQuery],
        answers={200: MarkedPageSerializer},
        examples=[serializers.MARKED],
    )


def _described_mark(operation_id: str, summary: str, *, problems: Sequence[int]) -> Any:
    return described(
        operation_id=operation_id,
        summary=summary,
        description="However often it is sent, it is done once. There is no body.",
        tags=["Mine"],
        parameters=[MOVIE_ID],
        request=None,
        answers={204: None},
        problems=problems,
        examples=[NO_SUCH_FILM],
    )


class WatchlistView(_MarksView):
    """Films that I want to see."""

    kind = "watchlist"

    @_described_list("watchlist_list", "My watchlist")
    def get(self, request: Request) -> Response:
        return self._page(request)


class WatchlistItemView(_MarkView):
    """One film of the watchlist: put on it or taken off."""

    mark, unmark = staticmethod(feedback.add_to_watchlist), staticmethod(feedback.remove_from_watchlist)

    @_described_mark("watchlist_put", "Put a film on my watchlist", problems=_PUT)
    def put(self, request: Request, movie_id: int) -> Response:
        return self._put(request, movie_id)

    @_described_mark("watchlist_delete", "Take a film off my watchlist", problems=_DELETE)
    def delete(self, request: Request, movie_id: int) -> Response:
        return self._delete(request, movie_id)


class HiddenView(_MarksView):
    """Films that I do not want to be shown."""

    kind = "hidden"

    @_described_list("hidden_list", "My hidden films")
    def get(self, request: Request) -> Response:
        return self._page(request)


class HiddenItemView(_MarkView):
    """One hidden film: hidden or shown again."""

    mark, unmark = staticmethod(feedback.hide_movie), staticmethod(feedback.unhide_movie)

    @_described_mark("hidden_put", "Hide a film", problems=_PUT)
    def put(self, request: Request, movie_id: int) -> Response:
        return self._put(request, movie_id)

    @_described_mark("hidden_delete", "Show a hidden film again", problems=_DELETE)
    def delete(self, request: Request, movie_id: int) -> Response:
        return self._delete(request, movie_id)


class SeenView(_MarksView):
    """Films that I have seen and given no stars."""

    kind = "seen"

    @_described_list("seen_list", "My seen films")
    def get(self, request: Request) -> Response:
        return self._page(request)


class SeenItemView(_MarkView):
    """One film seen without stars: marked or unmarked."""

    mark, unmark = staticmethod(feedback.mark_seen), staticmethod(feedback.unmark_seen)

    @_described_mark("seen_put", "Say that I have seen a film", problems=_PUT)
    def put(self, request: Request, movie_id: int) -> Response:
        return self._put(request, movie_id)

    @_described_mark("seen_delete", "Take that back", problems=_DELETE)
    def delete(self, request: Request, movie_id: int) -> Response:
        return self._delete(request, movie_id)


class UnwantedView(_MarksView):
    """Films of which I want less."""

    kind = "unwanted"

    @_described_list("less_like_this_list", "Films I want less of")
    def get(self, request: Request) -> Response:
        return self._page(request)


class UnwantedItemView(_MarkView):
    """One film of which less is wanted: marked or unmarked."""

    mark, unmark = staticmethod(feedback.want_less_like), staticmethod(feedback.want_like_before)

    @_described_mark("less_like_this_put", "Hide a film and lower those like it", problems=_PUT)
    def put(self, request: Request, movie_id: int) -> Response:
        return self._put(request, movie_id)

    @_described_mark("less_like_this_delete", "Want films like it as before", problems=_DELETE)
    def delete(self, request: Request, movie_id: int) -> Response:
        return self._delete(request, movie_id)


class PausedView(_MarksView):
    """Films that are not for tonight."""

    kind = "paused"

    @_described_list("not_tonight_list", "Films that are not for tonight")
    def get(self, request: Request) -> Response:
        return self._page(request)


class PausedItemView(_MarkView):
    """One film that is not for tonight: put aside or brought back."""

    mark, unmark = staticmethod(feedback.pause_movie), staticmethod(feedback.resume_movie)

    @_described_mark("not_tonight_put", "Do not show a film until tomorrow", problems=_PUT)
    def put(self, request: Request, movie_id: int) -> Response:
        return self._put(request, movie_id)

    @_described_mark("not_tonight_delete", "Show it tonight after all", problems=_DELETE)
    def delete(self, request: Request, movie_id: int) -> Response:
        return self._delete(request, movie_id)
