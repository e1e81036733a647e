"""Production: everything secret or site-specific comes from the environment and has no default.

What is missing or unsafe is found by ``movierec_site/safety.py``, which tells all of it at once; so nothing here fails.
"""

from recommendations.observability.logs import logging_settings

from .base import *  # noqa: F403
from .base import MOVIEREC_HOME, REDIS_URL, env

PRODUCTION = True
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY", default="") or "missing"
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
DATABASES = {
    "default": env.db("DATABASE_URL", default="postgres:///")
    | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
}
# Limits on passwords, requests and e-mails count here, for all processes together.
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "movierec",
            "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
        }
    }
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

if not env("EMAIL_URL", default=""):
    # Into files, for the operator, and not into the log: a mail may hold a link that lets its reader in.
    EMAIL_BACKEND = "movierec_site.letter_files.LetterFiles"
    EMAIL_FILE_PATH = MOVIEREC_HOME / "mail"

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("COOKIES_SECURE", default=True)
SECURE_SSL_REDIRECT = env.bool("SSL_REDIRECT", default=True)
# Health checks ask the process itself, in plain HTTP.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
# Only a proxy may say that a request came by HTTPS; without one, anybody could.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=1)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_REFERRER_POLICY = "same-origin"

LOGGING = logging_settings(level=env("LOG_LEVEL", default="INFO"), as_json=env.bool("LOG_JSON", default=True))
# A proxy on the same machine would speak for the whole internet.
METRICS_FROM_LOOPBACK = env.bool("METRICS_FROM_LOOPBACK", default=False)
