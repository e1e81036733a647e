"""Films by what their data call them, half stars, and numbers for keys."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models.functions import Cast

import recommendations.models.stars


def keys_of_movielens(apps, schema_editor):
    """In MovieLens-100k, the number of a film is its key."""
    movies = apps.get_model("recommendations", "Movie").objects.filter(key="")
    movies.update(key=Cast("movielens_id", models.CharField(max_length=100)))


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0017_operators_notes")]

    operations = [
        migrations.CreateModel(
            name="KeyNumber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("film", "film"), ("person", "person")], max_length=6, verbose_name="kind"
                    ),
                ),
                ("key", models.CharField(max_length=100, verbose_name="key")),
                ("number", models.PositiveIntegerField(verbose_name="number")),
            ],
            options={
                "verbose_name": "number of a key",
                "verbose_name_plural": "numbers of keys",
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "key"), name="one_number_per_key"),
                    models.UniqueConstraint(fields=("kind", "number"), name="one_key_per_number"),
                ],
            },
        ),
        migrations.AddField(
            model_name="movie",
            name="key",
            field=models.CharField(blank=True, db_index=True, default="", max_length=100, verbose_name="key in the data"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="movie",
            name="source",
            field=models.CharField(default="ml-100k", editable=False, max_length=100, verbose_name="data set"),
        ),
        migrations.AddField(
            model_name="movie",
            name="imdb_id",
            field=models.CharField(blank=True, default="", max_length=12, verbose_name="IMDb number"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="movie",
            name="tmdb_id",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="TMDB number"),
        ),
        migrations.AlterField(
            model_name="genre",
            name="name",
            field=models.CharField(max_length=60, unique=True, verbose_name="name"),
        ),
        migrations.AlterField(
            model_name="rating",
            name="stars",
            field=recommendations.models.stars.StarsField(verbose_name="stars"),
        ),
        migrations.RunPython(keys_of_movielens, migrations.RunPython.noop),
    ]
