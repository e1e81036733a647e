"""Films and genres in the admin."""

from django.contrib import admin

from recommendations.models import Genre, Movie

admin.site.register([Genre, Movie])
