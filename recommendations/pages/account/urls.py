"""Addresses of accounts."""

from django.urls import path

from recommendations.pages import sharing_views
from recommendations.pages.account import credentials, data, diary, entry, import_columns, imports, profile

app_name = "accounts"
urlpatterns = [
    path("", profile.profile, name="profile"),
    path("sign-up", entry.sign_up, name="sign_up"),
    path("sign-in", entry.sign_in, name="sign_in"),
    path("sign-out", entry.sign_out, name="sign_out"),
    path("password", credentials.change_password, name="password"),
    path("password/forgotten", credentials.forgotten, name="password_forgotten"),
    path("password/sent", credentials.forgotten_sent, name="password_sent"),
    path("password/new/<uidb64>/<token>", credentials.ResetPassword.as_view(), name="password_reset"),
    path("email", credentials.change_email, name="email"),
    path("email/<str:token>", credentials.email_confirm, name="email_confirm"),
    path("ratings", profile.films, {"kind": "ratings"}, name="ratings"),
    path("watchlist", profile.films, {"kind": "watchlist"}, name="watchlist"),
    path("hidden", profile.films, {"kind": "hidden"}, name="hidden"),
    path("seen", profile.films, {"kind": "seen"}, name="seen"),
    path("less-like-this", profile.films, {"kind": "unwanted"}, name="unwanted"),
    path("not-tonight", profile.films, {"kind": "paused"}, name="paused"),
    path("lists", sharing_views.lists, name="lists"),
    path("lists/<int:number>", sharing_views.own_list, name="list"),
    path("lists/share", sharing_views.share, name="list_share"),
    path("lists/shared/<int:number>/revoke", sharing_views.revoke, name="list_revoke"),
    path("diary", diary.diary, name="diary"),
    path("diary/<int:year>", diary.year, name="year"),
    path("diary/films/<int:movie_id>", diary.add, name="diary_add"),
    path("diary/<int:number>/remove", diary.remove, name="diary_remove"),
    path("import", imports.choose, name="import"),
    path("import/apply", imports.apply, name="import_apply"),
    path("import/<int:number>", imports.wait, name="import_waiting"),
    path("import/<int:number>/columns", import_columns.choose_columns, name="import_columns"),
    path("import/<int:number>/leave", imports.leave, name="import_leave"),
    path("imports", imports.imports, name="imports"),
    path("imports/<int:number>/undo", imports.undo, name="import_undo"),
    path("export.json", data.export_json, name="export_json"),
    path("export.csv", data.export_csv, name="export_csv"),
    path("export.zip", data.export_zip, name="export_zip"),
    path("export-letterboxd.zip", data.export_for_letterboxd, name="export_letterboxd"),
    path("delete", data.delete, name="delete"),
]
