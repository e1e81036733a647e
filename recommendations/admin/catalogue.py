"""Films and genres in the admin. They come from the data: the next training would write over whatever was edited."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from recommendations.admin.read_only import ReadOnlyAdmin
from recommendations.models import Genre, Movie


class DecadeFilter(admin.SimpleListFilter):
    """Films of ten years."""

    title = gettext_lazy("decade")
    parameter_name = "decade"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        years = Movie.objects.exclude(year=None).values_list("year", flat=True).distinct()
        return [
            (str(decade), f"{decade}–{decade + 9}")
            for decade in sorted({year // 10 * 10 for year in years if year}, reverse=True)
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Movie]) -> QuerySet[Movie]:
        value = self.value() or ""
        if not value.isdecimal():
            return queryset
        return queryset.filter(year__gte=int(value), year__lt=int(value) + 10)


@admin.register(Movie)
class MovieAdmin(ReadOnlyAdmin):
    list_display = (
        "movielens_id",
        "title",
        "year",
        "genre_names",
        "rating_count",
        "mean_stars",
        "like_share",
    )
    list_display_links = ("title",)
    list_filter = ("genres", DecadeFilter)
    search_fields = ("title", "original_title", "=movielens_id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Movie]:
        return super().get_queryset(request).prefetch_related("genres")

    @admin.display(description=gettext_lazy("genres"))
    def genre_names(self, movie: Movie) -> str:
        return ", ".join(genre.name for genre in movie.genres.all())


@admin.register(Genre)
class GenreAdmin(ReadOnlyAdmin):
    list_display = ("name", "films")
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Genre]:
        return super().get_queryset(request).annotate(film_count=Count("movies"))

    @admin.display(description=gettext_lazy("films"), ordering="film_count")
    def films(self, genre: Genre) -> int:
        return genre.film_count  # type: ignore[attr-defined]
