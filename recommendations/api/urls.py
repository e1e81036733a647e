"""Addresses under ``/api/``."""

from django.urls import include, path, re_path

from recommendations.api import documentation, error_views, views
from recommendations.api.access.views import TokensView, TokenView
from recommendations.api.films.views import FilmsView, FilmView, SimilarView, SuggestView

app_name = "api"
v1_patterns = [
    path("recommendations/", views.RecommendationsView.as_view(), name="recommendations"),
    path("recommendations/me/", views.MyRecommendationsView.as_view(), name="my_recommendations"),
    path("recommendations/preview/", views.PreviewView.as_view(), name="preview"),
    path("recommendations/batch/", views.BatchView.as_view(), name="batch"),
    path("films/", FilmsView.as_view(), name="films"),
    path("films/suggest/", SuggestView.as_view(), name="suggest"),
    path("films/<int:movie_id>/", FilmView.as_view(), name="film"),
    path("films/<int:movie_id>/similar/", SimilarView.as_view(), name="similar"),
    path("tokens/", TokensView.as_view(), name="tokens"),
    path("tokens/<uuid:reference>/", TokenView.as_view(), name="token"),
    path("schema/", documentation.schema, name="schema"),
    path("docs/", documentation.docs, name="docs"),
    path("redoc/", documentation.redoc, name="redoc"),
]
urlpatterns = [path("v1/", include(v1_patterns)), re_path("", error_views.unknown_route)]
