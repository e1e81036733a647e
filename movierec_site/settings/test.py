"""Tests: an in-memory-like SQLite database and plain static files; real services are started by fixtures."""

import tempfile
from pathlib import Path

from .base import *  # noqa: F403
from .base import env

# Tests never write into a developer's home unless told to.
MOVIEREC_HOME = Path(env("MOVIEREC_HOME", default=str(Path(tempfile.gettempdir()) / "movierec-tests")))
STATIC_ROOT = MOVIEREC_HOME / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
DEBUG = False
SECRET_KEY = "only-for-tests"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": MOVIEREC_HOME / "test.sqlite3"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Tests of slow answers shall not depend on how long their process lives.
ELASTICSEARCH_WARM_UP_SECONDS = 0.0
# Nobody listens: a test that wants a job to run runs it itself.
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {}
