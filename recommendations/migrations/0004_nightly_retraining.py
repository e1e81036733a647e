"""The default schedule: every night at 03:30 UTC. Whatever the admin changes about it later stays."""

import json

from django.db import migrations

NAME = "Nightly retraining"


def create(apps, schema_editor):
    crontabs = apps.get_model("django_celery_beat", "CrontabSchedule")
    tasks = apps.get_model("django_celery_beat", "PeriodicTask")
    at, _ = crontabs.objects.get_or_create(
        minute="30", hour="3", day_of_week="*", day_of_month="*", month_of_year="*", timezone="UTC"
    )
    tasks.objects.get_or_create(
        name=NAME,
        defaults={
            "task": "recommendations.tasks.submit_scheduled_job",
            "crontab": at,
            "kwargs": json.dumps({"kind": "pipeline", "site_ratings": True}),
            "description": "Trains on MovieLens and the site's own ratings. Does nothing if nothing has changed.",
        },
    )


def delete(apps, schema_editor):
    apps.get_model("django_celery_beat", "PeriodicTask").objects.filter(name=NAME).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("recommendations", "0003_movie_histogram"),
        ("django_celery_beat", "0019_alter_periodictasks_options"),
    ]
    operations = [migrations.RunPython(create, delete)]
