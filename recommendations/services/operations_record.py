"""Writes into the index ``operations`` what Kibana shows: ratings by day, ended jobs, latencies of requests."""

from __future__ import annotations

import http.client
import json
import urllib.request
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Avg, Count
from django.db.models.functions import TruncDate
from django.utils import timezone

from recommendations.errors import MovierecError
from recommendations.models import Job, ModelVersion, Rating
from recommendations.observability.latency import between, read_totals
from recommendations.search.client import get_client
from recommendations.search.operations_index import has_ratings_of, write_operations
from recommendations.selectors.insights import MOST_DAYS, insights
from recommendations.services.pipeline import work_folder

Document = tuple[str, dict[str, Any]]
SCRAPE_SECONDS = 10
# The site is on this machine or in the same private network, whatever proxy the environment names.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
# What changed longer ago than this was written by an earlier call.
LOOK_BACK = timedelta(days=2)
# Minutes: what lists come to is counted from all lists of the days, and changes slowly.
LISTS_EVERY = 10


class MetricsUnreadableError(MovierecError):
    """METRICS_URL gives no measurements; the message is one sentence."""


def record_operations(*, everything: bool = False) -> dict[str, int]:
    """Write what is new since the last call, or ``everything`` there is; returns the documents by kind.

    Documents have ids of their own, so that calling twice writes nothing twice. Without ``METRICS_URL`` there are no
    latencies, without a champion no ratings of MovieLens.

    Raises
    ------
    MetricsUnreadableError
        After everything else was written.
    recommendations.search.connection.SearchError
    """
    client = get_client()
    since = None if everything else timezone.now() - LOOK_BACK
    written = {
        "ratings": write_operations(client, [*_movielens_days(everything), *_site_days(since)]),
        "job": write_operations(client, _ended_jobs(since)),
    }
    if everything or timezone.now().minute % LISTS_EVERY == 0:
        lists = write_operations(client, made_lists(days=MOST_DAYS if everything else LOOK_BACK.days))
        written |= {"lists": lists} if lists else {}
    if settings.METRICS_URL:
        written["requests"] = write_operations(client, _latencies())
    return written


def _movielens_days(everything: bool) -> Iterator[Document]:
    """The days of the data that the champion was trained on."""
    champion = ModelVersion.objects.filter(state=ModelVersion.State.CHAMPION).first()
    if champion is None or (not everything and has_ratings_of(get_client(), champion.data_digest)):
        return
    folder = work_folder(champion.data_digest) / "parsed" / "ratings"
    if not folder.is_dir():
        return
    # The site knows the task by name and has no PyArrow; the worker, which runs it, has.
    import pyarrow.compute as pc  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    table = pq.read_table(folder, columns=["rated_at", "stars"])
    day = pc.multiply(pc.divide(table["rated_at"], 86_400), 86_400)
    days = table.append_column("day", day).group_by("day").aggregate([("stars", "count"), ("stars", "mean")])
    for row in days.to_pylist():
        at = datetime.fromtimestamp(row["day"], UTC)
        facts = {"data_digest": champion.data_digest}
        yield _day("movielens", at, row["stars_count"], row["stars_mean"], facts)


def _site_days(since: datetime | None) -> Iterator[Document]:
    # Whole days only: a part of one would be written over the whole.
    midnight = since.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) if since else None
    ratings = Rating.objects.filter(rated_at__gte=midnight) if midnight else Rating.objects.all()
    days = ratings.annotate(day=TruncDate("rated_at", tzinfo=UTC)).values("day")
    for row in days.annotate(number=Count("pk"), mean=Avg("stars")).order_by("day"):
        at = datetime(row["day"].year, row["day"].month, row["day"].day, tzinfo=UTC)
        yield _day("site", at, row["number"], row["mean"], {})


def _day(source: str, at: datetime, number: int, mean: float, facts: dict[str, Any]) -> Document:
    document = {
        "@timestamp": at.isoformat(),
        "kind": "ratings",
        "source": source,
        "rating_count": number,
        "mean_stars": mean,
        **facts,
    }
    return f"ratings-{source}-{at:%Y%m%d}", document


def _ended_jobs(since: datetime | None) -> Iterator[Document]:
    jobs = Job.objects.filter(ended_at__isnull=False)
    for job in jobs.filter(ended_at__gte=since) if since else jobs:
        assert job.ended_at is not None
        seconds = (job.ended_at - job.started_at).total_seconds() if job.started_at else 0.0
        yield (
            f"job-{job.pk}",
            {
                "@timestamp": job.ended_at.isoformat(),
                "kind": "job",
                "job_id": job.pk,
                "job_kind": job.kind,
                "job_state": job.state,
                "seconds": seconds,
            },
        )


def made_lists(*, days: int) -> Iterator[Document]:
    """What the lists of the last days have come to, as the admin counts it; nothing of it is about one person."""
    for row in insights(days=days):
        at = datetime(row.day.year, row.day.month, row.day.day, tzinfo=UTC)
        facts = {field: value for field, value in asdict(row).items() if field != "day" and value is not None}
        document = {"@timestamp": at.isoformat(), "kind": "lists", **facts}
        yield f"lists-{at:%Y%m%d}-{row.version}-{row.arm}-{row.row}", document


def _latencies() -> Iterator[Document]:
    """Reads the site's measurements; what the last reading said is kept in the home."""
    now = datetime.now(UTC)
    sample = Path(settings.MOVIEREC_HOME) / "operations-sample.json"
    totals = read_totals(_scrape())
    try:
        before = json.loads(sample.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        before = {}
    for latency in between(before, totals):
        document = {
            "@timestamp": now.isoformat(),
            "kind": "requests",
            "view": latency.view,
            "requests": latency.requests,
            "mean_milliseconds": latency.mean_milliseconds,
            "p95_milliseconds": latency.p95_milliseconds,
        }
        yield f"requests-{now:%Y%m%d%H%M%S}-{latency.view}", document
    # Only when all of it has been taken: what could not be written is counted again next time.
    sample.write_text(json.dumps(totals), encoding="utf-8")


def _scrape() -> str:
    # In a private network the site has another name than it answers to.
    host = {"Host": settings.ALLOWED_HOSTS[0].lstrip(".")} if settings.ALLOWED_HOSTS else {}
    request = urllib.request.Request(
        settings.METRICS_URL, headers={"Authorization": f"Bearer {settings.METRICS_TOKEN}", **host}
    )
    try:
        with _opener.open(request, timeout=SCRAPE_SECONDS) as answer:
            return answer.read().decode()
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise MetricsUnreadableError(f"METRICS_URL gives no measurements: {error}") from error
