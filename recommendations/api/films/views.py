"""The catalogue: lists, single films, similar ones, and titles that are still being typed."""

from __future__ import annotations

from dataclasses import asdict

from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import user_of
from recommendations.api.base import NoQuery, OpenView, checked_query, made_from
from recommendations.api.examples import NO_SUCH_FILM
from recommendations.api.films import serializers
from recommendations.api.films.serializers import (
    DescribedListSerializer,
    DescribedQuery,
    FilmDetailSerializer,
    FilmListSerializer,
    FilmPageSerializer,
    FilmsQuery,
    SimilarListSerializer,
    SimilarQuery,
    SuggestQuery,
)
from recommendations.api.schema import ETAG, IF_NONE_MATCH, described
from recommendations.api.serializers import LARGEST_NUMBER
from recommendations.selectors import catalogue
from recommendations.selectors.described import films_described
from recommendations.selectors.film_details import details_of
from recommendations.selectors.film_figures import figures_of
from recommendations.selectors.lists import similar, world
from recommendations.selectors.lists.person import Person
from recommendations.selectors.viewers import person_of_user

MOVIE_ID = OpenApiParameter(
    "movie_id",
    {"type": "integer", "minimum": 1, "maximum": LARGEST_NUMBER},
    OpenApiParameter.PATH,
    description="MovieLens film number.",
)


class FilmsView(OpenView):
    """A page of the films that fit a text and filters."""

    http_method_names = ["get", "head"]

    @described(
        operation_id="films_list",
        summary="Find films",
        description=(
            "By title, genre, decade, number of ratings, director or actor and language, in pages. Without `q` and `order` the best known come "
            "first."
        ),
        tags=["Films"],
        signed_in=False,
        parameters=[FilmsQuery, IF_NONE_MATCH, ETAG],
        answers={200: FilmPageSerializer, 304: None},
        examples=[serializers.PAGE],
    )
    def get(self, request: Request) -> Response:
        query = checked_query(request, FilmsQuery)
        values, offset = query.validated_data, query.offset()
        found = catalogue.search_films(
            text=values["q"],
            genre=values.get("genre"),
            decade=values.get("decade"),
            least_ratings=values.get("least_ratings"),
            most_ratings=values.get("most_ratings"),
            person=values.get("person"),
            language=values.get("language"),
            order=values["order"],
            offset=offset,
            limit=values["limit"],
        )
        following = query.next_cursor(offset=offset, found=len(found.items), total=found.total)
        page = FilmPageSerializer({**asdict(found), "next": following}).data
        return made_from(request, page, make=lambda: Response(page))


class SuggestView(OpenView):
    """Titles that begin like what is being typed."""

    http_method_names = ["get", "head"]

    @described(
        operation_id="films_suggest",
        summary="Suggest titles",
        description="For a title that is still being typed; small typing errors do not matter.",
        tags=["Films"],
        signed_in=False,
        parameters=[SuggestQuery, IF_NONE_MATCH, ETAG],
        answers={200: FilmListSerializer, 304: None},
        examples=[serializers.FILMS],
    )
    def get(self, request: Request) -> Response:
        values = checked_query(request, SuggestQuery).validated_data
        films = catalogue.suggest_films(text=values["q"], limit=values["limit"])
        found = FilmListSerializer({"items": films}).data
        return made_from(request, found, make=lambda: Response(found))


class DescribedView(OpenView):
    """Films by what they are about."""

    http_method_names = ["get", "head"]

    @described(
        operation_id="films_described",
        summary="Films that fit a description",
        description=(
            "Finds words in titles, overviews, tags and names, and sentences that mean something alike, and joins both by "
            "their places. For somebody, what is expected of the films joins in."
        ),
        tags=["Films"],
        signed_in=False,
        parameters=[DescribedQuery],
        answers={200: DescribedListSerializer},
        problems=(401, 404, 503),
        examples=[serializers.DESCRIBED],
    )
    def get(self, request: Request) -> Response:
        values = checked_query(request, DescribedQuery).validated_data
        person = None
        if values["for_me"]:
            if not request.user.is_authenticated:
                raise NotAuthenticated
            person = person_of_user(user=user_of(request))
        elif "user" in values:
            person = Person(movielens_user=values["user"])
            world.require_known(world.require_champion(), values["user"])
        found = films_described(
            text=values["q"],
            limit=values["limit"],
            genre=values.get("genre"),
            decade=values.get("decade"),
            person=person,
        )
        items = [{**asdict(one.film), **asdict(one)} for one in found.items]
        return Response(
            DescribedListSerializer({"items": items, "ways": found.ways, "degraded": found.degraded}).data
        )


class FilmView(OpenView):
    """Everything that is known about one film."""

    http_method_names = ["get", "head"]

    @described(
        operation_id="films_read",
        summary="A film",
        description="Its facts, and what its ratings say.",
        tags=["Films"],
        signed_in=False,
        parameters=[MOVIE_ID, IF_NONE_MATCH, ETAG],
        answers={200: FilmDetailSerializer, 304: None},
        problems=(404,),
        examples=[serializers.FILM, NO_SUCH_FILM],
    )
    def get(self, request: Request, movie_id: int) -> Response:
        checked_query(request, NoQuery)
        facts, figures = catalogue.film_facts(movie_id=movie_id), figures_of(movie_id=movie_id)
        if facts is None or figures is None:
            raise catalogue.unknown_film(movie_id)
        details = details_of(movie_id=movie_id)
        links = [{"name": name, "url": address} for name, address in details.links]
        body = FilmDetailSerializer(
            {**asdict(facts), **asdict(figures), **asdict(details), "links": links}
        ).data
        return made_from(request, body, make=lambda: Response(body))


class SimilarView(OpenView):
    """The films that are most like one film."""

    http_method_names = ["get", "head"]

    @described(
        operation_id="films_similar",
        summary="Similar films",
        description="Films that a rating of this one raises most; for a film that nobody rated, by what is known of it.",
        tags=["Films"],
        signed_in=False,
        parameters=[MOVIE_ID, SimilarQuery, IF_NONE_MATCH, ETAG],
        answers={200: SimilarListSerializer, 304: None},
        problems=(404, 503),
        examples=[serializers.SIMILAR, NO_SUCH_FILM],
    )
    def get(self, request: Request, movie_id: int) -> Response:
        query = checked_query(request, SimilarQuery)
        champion, k = world.require_champion(), query.validated_data["k"]

        def make() -> Response:
            films = similar.similar_to(champion, movie_id=movie_id, k=k)
            return Response(SimilarListSerializer({"items": films}).data)

        return made_from(request, champion.state, make=make)
