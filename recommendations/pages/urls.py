"""Addresses of the site."""

from django.urls import path

from recommendations.pages import cover_views, views

app_name = "pages"
urlpatterns = [
    path("", views.home, name="home"),
    path("recommend_session", views.recommend_session, name="recommend_session"),
    path("results", views.results, name="results"),
    path("covers/<int:movie_id>.svg", cover_views.cover, name="cover"),
]
