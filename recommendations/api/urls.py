"""Addresses under ``/api/``."""

from django.urls import include, path, re_path

from recommendations.api import documentation, views
from recommendations.api.access.accounts import AccountsView, AccountView
from recommendations.api.access.views import TokensView, TokenView
from recommendations.api.events import EventsView
from recommendations.api.films.views import DescribedView, FilmsView, FilmView, SimilarView, SuggestView
from recommendations.api.mine.data import DeletionView, ExportView, ImportPreviewView, ImportView
from recommendations.api.mine.marks import (
    HiddenItemView,
    HiddenView,
    PausedItemView,
    PausedView,
    SeenItemView,
    SeenView,
    UnwantedItemView,
    UnwantedView,
    WatchlistItemView,
    WatchlistView,
)
from recommendations.api.mine.profile import MeView
from recommendations.api.mine.ratings import RatingsView, RatingView
from recommendations.api.mine.taste import TasteView
from recommendations.api.model_card import ModelCardView
from recommendations.api.operators.films import ExposureView, NewFilmsView, NewFilmView
from recommendations.api.operators.jobs import CancelJobView, JobLogView, JobsView, JobView, RetryJobView
from recommendations.api.operators.models import (
    CompareView,
    IndicesView,
    ModelsView,
    ModelView,
    PromoteView,
    RollBackView,
)
from recommendations.api.operators.schedules import SchedulesView, ScheduleView
from recommendations.api.other_sites.batches import BatchesView, BatchLinesView, ListBatchView
from recommendations.api.other_sites.bulk import BulkPeopleView, BulkRatingsView
from recommendations.api.other_sites.people import PersonsListView, PersonView
from recommendations.web import error_views

app_name = "api"
v1_patterns = [
    path("recommendations/", views.RecommendationsView.as_view(), name="recommendations"),
    path("recommendations/me/", views.MyRecommendationsView.as_view(), name="my_recommendations"),
    path("recommendations/preview/", views.PreviewView.as_view(), name="preview"),
    path("recommendations/batch/", views.BatchView.as_view(), name="batch"),
    path("films/", FilmsView.as_view(), name="films"),
    path("films/suggest/", SuggestView.as_view(), name="suggest"),
    path("films/described/", DescribedView.as_view(), name="described"),
    path("films/<int:movie_id>/", FilmView.as_view(), name="film"),
    path("films/<int:movie_id>/similar/", SimilarView.as_view(), name="similar"),
    path("me/", MeView.as_view(), name="me"),
    path("me/taste/", TasteView.as_view(), name="my_taste"),
    path("me/ratings/", RatingsView.as_view(), name="my_ratings"),
    path("me/ratings/<int:movie_id>/", RatingView.as_view(), name="my_rating"),
    path("me/watchlist/", WatchlistView.as_view(), name="my_watchlist"),
    path("me/watchlist/<int:movie_id>/", WatchlistItemView.as_view(), name="my_watchlist_item"),
    path("me/hidden/", HiddenView.as_view(), name="my_hidden"),
    path("me/hidden/<int:movie_id>/", HiddenItemView.as_view(), name="my_hidden_item"),
    path("me/seen/", SeenView.as_view(), name="my_seen"),
    path("me/seen/<int:movie_id>/", SeenItemView.as_view(), name="my_seen_item"),
    path("me/less-like-this/", UnwantedView.as_view(), name="my_unwanted"),
    path("me/less-like-this/<int:movie_id>/", UnwantedItemView.as_view(), name="my_unwanted_item"),
    path("me/not-tonight/", PausedView.as_view(), name="my_paused"),
    path("me/not-tonight/<int:movie_id>/", PausedItemView.as_view(), name="my_paused_item"),
    path("me/import/preview/", ImportPreviewView.as_view(), name="import_preview"),
    path("me/import/", ImportView.as_view(), name="import"),
    path("me/export/", ExportView.as_view(), name="export"),
    path("me/delete/", DeletionView.as_view(), name="delete_me"),
    path("accounts/", AccountsView.as_view(), name="accounts"),
    path("accounts/<int:account_id>/", AccountView.as_view(), name="account"),
    path("events/", EventsView.as_view(), name="events"),
    path("people/<str:key>/", PersonView.as_view(), name="person"),
    path("people/<str:key>/recommendations/", PersonsListView.as_view(), name="persons_list"),
    path("bulk/people/", BulkPeopleView.as_view(), name="bulk_people"),
    path("bulk/ratings/", BulkRatingsView.as_view(), name="bulk_ratings"),
    path("bulk/lists/", BatchesView.as_view(), name="list_batches"),
    path("bulk/lists/<uuid:reference>/", ListBatchView.as_view(), name="list_batch"),
    path("bulk/lists/<uuid:reference>/lines/", BatchLinesView.as_view(), name="list_batch_lines"),
    path("tokens/", TokensView.as_view(), name="tokens"),
    path("tokens/<uuid:reference>/", TokenView.as_view(), name="token"),
    path("jobs/", JobsView.as_view(), name="jobs"),
    path("jobs/<int:job_id>/", JobView.as_view(), name="job"),
    path("jobs/<int:job_id>/log/", JobLogView.as_view(), name="job_log"),
    path("jobs/<int:job_id>/cancel/", CancelJobView.as_view(), name="cancel_job"),
    path("jobs/<int:job_id>/retry/", RetryJobView.as_view(), name="retry_job"),
    path("schedules/", SchedulesView.as_view(), name="schedules"),
    path("schedules/<int:schedule_id>/", ScheduleView.as_view(), name="schedule"),
    path("models/", ModelsView.as_view(), name="models"),
    path("models/compare/", CompareView.as_view(), name="compare_models"),
    path("models/rollback/", RollBackView.as_view(), name="roll_back"),
    path("models/<str:version>/", ModelView.as_view(), name="model"),
    path("models/<str:version>/promote/", PromoteView.as_view(), name="promote"),
    path("model-card/", ModelCardView.as_view(), name="model_card"),
    path("catalogue/films/", NewFilmsView.as_view(), name="new_films"),
    path("catalogue/films/<str:key>/", NewFilmView.as_view(), name="new_film"),
    path("catalogue/exposure/", ExposureView.as_view(), name="exposure"),
    path("indices/", IndicesView.as_view(), name="indices"),
    path("schema/", documentation.schema, name="schema"),
    path("docs/", documentation.docs, name="docs"),
    path("redoc/", documentation.redoc, name="redoc"),
]
urlpatterns = [path("v1/", include(v1_patterns)), re_path("", error_views.unknown_route)]
