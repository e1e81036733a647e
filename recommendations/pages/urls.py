"""Addresses of the site."""

from django.urls import path

from recommendations.pages import (
    feedback_views,
    film_views,
    group_views,
    onboarding_views,
    search_views,
    taste_views,
    token_views,
    views,
)
from recommendations.pages.visit import said

app_name = "pages"
urlpatterns = [
    path("", views.home, name="home"),
    path("recommend_session", views.recommend_session, name="recommend_session"),
    path("results", views.results, name="results"),
    path("start", onboarding_views.onboarding, name="onboarding"),
    path("start/tastes", onboarding_views.pick, name="pick"),
    path("start/again", onboarding_views.ask_again, name="ask_again"),
    path("films/<int:movie_id>/answer", onboarding_views.answer, name="answer"),
    path("taste", taste_views.my_taste, name="taste"),
    path("taste/wishes", taste_views.turn, name="turn"),
    path("taste/answers", taste_views.tell, name="tell"),
    path("taste/start-over", taste_views.start_over, name="start_over"),
    path("theme", views.choose_theme, name="theme"),
    path("dials", feedback_views.turn_dials, name="dials"),
    path("list-kind", feedback_views.choose_list_kind, name="list_kind"),
    path("predicted-stars", feedback_views.hide_stars, name="hide_stars"),
    path("search/", search_views.search, name="search"),
    path("search/suggest", search_views.suggest, name="suggest"),
    path("films/<int:movie_id>/", film_views.film_page, name="film"),
    path("films/<int:movie_id>/why", film_views.why, name="why"),
    path("films/<int:movie_id>/rate", feedback_views.rate, name="rate"),
    path("films/<int:movie_id>/unrate", feedback_views.unrate, name="unrate"),
    path("films/<int:movie_id>/hide", feedback_views.hide, name="hide"),
    path("films/<int:movie_id>/unhide", feedback_views.unhide, name="unhide"),
    path("films/<int:movie_id>/watch", feedback_views.watch, name="watch"),
    path("films/<int:movie_id>/unwatch", feedback_views.unwatch, name="unwatch"),
    path("together/", group_views.start, name="groups"),
    path("together/<str:key>/", group_views.group, name="group"),
    path("together/<str:key>/floor", group_views.floor, name="group_floor"),
    path("together/<str:key>/leave", group_views.leave, name="group_leave"),
    path("together/<str:key>/films/<int:movie_id>/veto", group_views.veto, name="group_veto"),
    path("films/<int:movie_id>/seen", feedback_views.mark, {"what": said.SEEN}, name="see"),
    path("films/<int:movie_id>/unseen", feedback_views.mark, {"what": said.UNSEEN}, name="unsee"),
    path("films/<int:movie_id>/not-tonight", feedback_views.mark, {"what": said.PAUSED}, name="pause"),
    path("films/<int:movie_id>/tonight", feedback_views.mark, {"what": said.RESUMED}, name="resume"),
    path("films/<int:movie_id>/less", feedback_views.mark, {"what": said.LESS}, name="less"),
    path("films/<int:movie_id>/as-before", feedback_views.mark, {"what": said.AS_BEFORE}, name="as_before"),
    path("own-list", views.own_list, name="own_list"),
    path("covers/<int:movie_id>.svg", film_views.cover, name="cover"),
    path("account/api-access/", token_views.api_access, name="api_access"),
    path("account/api-access/<uuid:reference>/revoke", token_views.revoke, name="revoke_token"),
]
