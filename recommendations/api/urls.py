"""Addresses under ``/api/``."""

from django.urls import include, path, re_path

from recommendations.api import documentation, views
from recommendations.api.access.views import TokensView, TokenView

app_name = "api"
v1_patterns = [
    path("recommendations/", views.RecommendationsView.as_view(), name="recommendations"),
    path("recommendations/preview/", views.PreviewView.as_view(), name="preview"),
    path("tokens/", TokensView.as_view(), name="tokens"),
    path("tokens/<uuid:reference>/", TokenView.as_view(), name="token"),
    path("schema/", documentation.schema, name="schema"),
    path("docs/", documentation.docs, name="docs"),
]
urlpatterns = [path("v1/", include(v1_patterns)), re_path("", views.unknown_route)]
