"""What people said about films, in the admin."""

from django.contrib import admin

from recommendations.models import HiddenMovie, Rating, WatchlistItem

admin.site.register([HiddenMovie, Rating, WatchlistItem])
