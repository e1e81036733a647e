"""One machine, no external service: SQLite, a managed Elasticsearch node, Spark in local mode."""

import sys

from movierec_site.demo_secret import demo_secret_key

from .base import *  # noqa: F403
from .base import MOVIEREC_HOME, env

DEBUG = env.bool("DEBUG", default=False)
try:
    for _folder in ("queue", "queue-control"):
        (MOVIEREC_HOME / _folder).mkdir(parents=True, exist_ok=True)
except OSError as error:
    sys.stderr.write(
        f"{MOVIEREC_HOME} cannot be written ({error.strerror}); choose a folder of your own with MOVIEREC_HOME.\n"
    )
    sys.exit(2)
SECRET_KEY = env("SECRET_KEY", default="") or demo_secret_key(MOVIEREC_HOME)
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": MOVIEREC_HOME / "movierec.sqlite3",
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        },
    }
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Without a mail server letters become files that can be opened.
if not env("EMAIL_URL", default=""):
    EMAIL_BACKEND = "movierec_site.letter_files.LetterFiles"
    EMAIL_FILE_PATH = MOVIEREC_HOME / "mail"
