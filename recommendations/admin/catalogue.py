"""Films and genres in the admin. They come from the data: the next training would write over whatever was edited."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recommendations.admin.read_only import ReadOnlyAdmin
from recommendations.models import Genre, Movie
from recommendations.pages.labels import genre_label
from recommendations.selectors.film_figures import FilmFigures
from recommendations.services.figures import figure, percentage


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
        "mean",
        "liked",
    )
    list_display_links = ("title",)
    list_filter = ("genres", DecadeFilter)
    search_fields = ("title", "original_title", "=movielens_id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Movie]:
        return super().get_queryset(request).prefetch_related("genres")

    def get_fields(self, request: HttpRequest, obj: Movie | None = None) -> tuple[str, ...]:
        first = ("movielens_id", "title", "original_title", "year", "genre_names")
        return (*first, "rating_count", "mean", "liked", "stars_given")

    def get_readonly_fields(self, request: HttpRequest, obj: Movie | None = None) -> tuple[str, ...]:
        return self.get_fields(request, obj)

    @admin.display(description=gettext_lazy("mean stars"), ordering="mean_stars")
    def mean(self, movie: Movie) -> str:
        return figure(movie.mean_stars, 2)

    @admin.display(description=gettext_lazy("like share"), ordering="like_share")
    def liked(self, movie: Movie) -> str:
        return _("%(percent)s %%") % {"percent": percentage(movie.like_share, 1)}

    @admin.display(description=gettext_lazy("ratings by stars"))
    def stars_given(self, movie: Movie) -> str:
        """As bars: the longest is the most frequent number of stars."""
        bars = FilmFigures(movie.rating_count, None, 0.0, tuple(movie.histogram)).bars
        if not bars:
            return "–"
        rows = format_html_join(
            "",
            '<li><span>{} ★</span><meter min="0" max="{}" value="{}" aria-hidden="true"></meter><span>{}</span></li>',
            (
                (
                    number_format(bar.stars),
                    max(movie.histogram),
                    bar.count,
                    number_format(bar.count, force_grouping=True),
                )
                for bar in bars
            ),
        )
        return format_html('<ul class="star-bars">{}</ul>', rows)

    @admin.display(description=gettext_lazy("genres"))
    def genre_names(self, movie: Movie) -> str:
        return ", ".join(genre_label(genre.name) for genre in movie.genres.all())


@admin.register(Genre)
class GenreAdmin(ReadOnlyAdmin):
    list_display = ("name", "called", "films")
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Genre]:
        return super().get_queryset(request).annotate(film_count=Count("movies"))

    @admin.display(description=gettext_lazy("on the site"))
    def called(self, genre: Genre) -> str:
        return genre_label(genre.name)

    @admin.display(description=gettext_lazy("films"), ordering="film_count")
    def films(self, genre: Genre) -> int:
        return genre.film_count  # type: ignore[attr-defined]
