"""One machine, no external service: SQLite, a managed Elasticsearch node, Spark in local mode."""

from movierec_site.private_home import DATABASE, open_home, secret_key

from .base import *  # noqa: F403
from .base import MOVIEREC_HOME, env

DEBUG = env.bool("DEBUG", default=False)
open_home(MOVIEREC_HOME, folders=("queue", "queue-control"))
SECRET_KEY = env("SECRET_KEY", default="") or secret_key(MOVIEREC_HOME)
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": MOVIEREC_HOME / DATABASE,
        # Whoever has it open can read on a full disk; to open it anew, SQLite has to write.
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": env.float("DATABASE_WAIT_SECONDS", default=20.0),
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
