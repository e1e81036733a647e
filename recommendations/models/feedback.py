"""What people of the site say about films. This database is the source of truth for it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from recommendations.models.catalogue import Movie
from recommendations.models.stars import StarsField


class MovieMark(models.Model):
    """A person's mark on a film; at most one of a kind per person and film."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, verbose_name=_("person"))
    movie = models.ForeignKey(Movie, on_delete=models.CASCADE, verbose_name=_("film"))

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(fields=("user", "movie"), name="one_%(class)s_per_user_and_movie")
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.movie}"


class Rating(MovieMark):
    """Half a star to five stars; other stars later replace them and move the film to the end of the history."""

    stars = StarsField(_("stars"))
    rated_at = models.DateTimeField(_("rated at"), db_index=True)

    class Meta(MovieMark.Meta):
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")


class WatchlistItem(MovieMark):
    """A film that the person wants to see."""

    created_at = models.DateTimeField(_("added at"), auto_now_add=True)

    class Meta(MovieMark.Meta):
        verbose_name = _("watchlist item")
        verbose_name_plural = _("watchlist items")


class HiddenMovie(MovieMark):
    """A film that the person does not want to be shown again."""

    created_at = models.DateTimeField(_("hidden at"), auto_now_add=True)

    class Meta(MovieMark.Meta):
        verbose_name = _("hidden film")
        verbose_name_plural = _("hidden films")


class SeenMovie(MovieMark):
    """A film that the person has seen and gave no stars: never shown, and a little interest in films like it."""

    created_at = models.DateTimeField(_("marked at"), auto_now_add=True)

    class Meta(MovieMark.Meta):
        verbose_name = _("seen film")
        verbose_name_plural = _("seen films")


class UnwantedMovie(MovieMark):
    """A film of which the person wants less: never shown, and films like it come later."""

    created_at = models.DateTimeField(_("marked at"), auto_now_add=True)

    class Meta(MovieMark.Meta):
        verbose_name = _("film less wanted")
        verbose_name_plural = _("films less wanted")


class PickedMovie(MovieMark):
    """A film of a taste that the person picked to start with: not seen, but liked in its kind."""

    created_at = models.DateTimeField(_("marked at"), auto_now_add=True)

    class Meta(MovieMark.Meta):
        verbose_name = _("film of a picked taste")
        verbose_name_plural = _("films of picked tastes")


class PausedMovie(MovieMark):
    """A film that the person does not want tonight: not shown until ``until``."""

    created_at = models.DateTimeField(_("marked at"), auto_now_add=True)
    until = models.DateTimeField(_("not shown until"))

    class Meta(MovieMark.Meta):
        verbose_name = _("film for another day")
        verbose_name_plural = _("films for another day")


class StaleProfile(models.Model):
    """A person whose document in ``user_profiles`` has to be written anew; gone once it was."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, verbose_name=_("person")
    )
    changed_at = models.DateTimeField(_("changed at"), db_index=True)

    class Meta:
        verbose_name = _("stale profile")
        verbose_name_plural = _("stale profiles")

    def __str__(self) -> str:
        return str(self.user)
