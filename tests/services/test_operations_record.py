"""The record of operations in a real Elasticsearch, as Kibana reads it."""

import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from recommendations.models import Job, ModelVersion, Movie, Rating
from recommendations.search.client import get_client
from recommendations.search.operations_index import OPERATIONS
from recommendations.services.operations_record import record_operations
from recommendations.services.pipeline import work_folder
from tests.observability.test_latency import text

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch]
DIGEST = "d" * 64


class Metrics(BaseHTTPRequestHandler):
    """``/metrics`` of a site that has answered 100 requests."""

    def do_GET(self):
        allowed = self.headers["Authorization"] == "Bearer a-token"
        self.send_response(200 if allowed else 401)
        self.end_headers()
        self.wfile.write(text(home=(2.0, [90, 100, 100])).encode() if allowed else b"")

    def log_message(self, *arguments):
        """Say nothing."""


@pytest.fixture
def metrics_url():
    with ThreadingHTTPServer(("127.0.0.1", 0), Metrics) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/metrics"
        server.shutdown()


@pytest.fixture
def home(settings, tmp_path, elasticsearch_url):
    """A home with two days of ratings, an ended job and a rating on the site."""
    settings.MOVIEREC_HOME, settings.ELASTICSEARCH_URL = tmp_path, elasticsearch_url
    settings.METRICS_URL, settings.METRICS_TOKEN = "", "a-token"
    get_client().indices.delete(index=OPERATIONS, ignore_unavailable=True)
    ModelVersion.objects.create(version="v1", state=ModelVersion.State.CHAMPION, data_digest=DIGEST)
    folder = work_folder(DIGEST) / "parsed" / "ratings"
    folder.mkdir(parents=True)
    days = [
        datetime(1998, 1, 1, 5, tzinfo=UTC),
        datetime(1998, 1, 1, 23, tzinfo=UTC),
        datetime(1998, 1, 2, tzinfo=UTC),
    ]
    pq.write_table(
        pa.table({"rated_at": [int(day.timestamp()) for day in days], "stars": [5, 2, 4]}),
        folder / "part.parquet",
    )
    now = timezone.now()
    Job.objects.create(kind="train", state="succeeded", started_at=now - timedelta(seconds=90), ended_at=now)
    Job.objects.create(kind="pipeline", state="queued")
    movie = Movie.objects.create(movielens_id=1, title="A film")
    Rating.objects.create(user=User.objects.create_user("someone"), movie=movie, stars=3, rated_at=now)
    yield tmp_path
    get_client().indices.delete(index=OPERATIONS, ignore_unavailable=True)


def documents(kind: str) -> dict[str, dict]:
    get_client().indices.refresh(index=OPERATIONS)
    found = get_client().search(index=OPERATIONS, query={"term": {"kind": kind}}, size=100)
    return {hit["_id"]: hit["_source"] for hit in found["hits"]["hits"]}


def test_everything_is_written_once_however_often_it_is_called(home, settings, metrics_url):
    settings.METRICS_URL = metrics_url
    assert record_operations() == {"ratings": 3, "job": 1, "requests": 1}
    get_client().indices.refresh(index=OPERATIONS)
    # MovieLens' days are there already, and nobody has asked for a page in the meantime.
    assert record_operations() == {"ratings": 1, "job": 1, "requests": 0}
    ratings = documents("ratings")
    assert len(ratings) == 3
    first = ratings["ratings-movielens-19980101"]
    assert (first["rating_count"], first["mean_stars"], first["source"]) == (2, 3.5, "movielens")
    assert first["@timestamp"] == "1998-01-01T00:00:00+00:00"
    (job,) = documents("job").values()
    assert (job["job_kind"], job["job_state"], job["seconds"]) == ("train", "succeeded", 90.0)
    (requests,) = documents("requests").values()
    assert (requests["view"], requests["requests"], requests["p95_milliseconds"]) == ("home", 100, 100.0)
    assert record_operations(everything=True)["ratings"] == 3


def test_no_person_is_in_it(home):
    record_operations()
    known = {field for kind in ("ratings", "job") for source in documents(kind).values() for field in source}
    assert not known & {"user", "user_id", "username", "requested_by"}


def test_without_measurements_the_rest_is_written_and_the_command_says_why(home, settings, metrics_url):
    settings.METRICS_URL, settings.METRICS_TOKEN = metrics_url, "another"
    with pytest.raises(CommandError, match="METRICS_URL gives no measurements: HTTP Error 401"):
        call_command("record_operations")
    assert len(documents("ratings")) == 3


def test_what_is_no_field_is_refused(home):
    record_operations()
    mapping = get_client().indices.get_mapping(index=OPERATIONS)[OPERATIONS]["mappings"]
    assert mapping["dynamic"] == "strict"
