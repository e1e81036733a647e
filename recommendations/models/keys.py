"""Numbers for what sources call by other keys than small numbers."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class KeyNumber(models.Model):
    """The number of a film or person whose key is a word, has leading zeros or 64 bits; given once, and for good."""

    class Kind(models.TextChoices):
        """What the key names, in the words of the Spark jobs."""

        FILM = "film", _("film")
        PERSON = "person", _("person")

    kind = models.CharField(_("kind"), max_length=6, choices=Kind)
    key = models.CharField(_("key"), max_length=100)
    number = models.PositiveIntegerField(_("number"))

    class Meta:
        verbose_name = _("number of a key")
        verbose_name_plural = _("numbers of keys")
        constraints = [
            models.UniqueConstraint(fields=("kind", "key"), name="one_number_per_key"),
            models.UniqueConstraint(fields=("kind", "number"), name="one_key_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.key} – {self.number}"
