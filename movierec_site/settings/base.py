"""Settings shared by every environment; the other modules here only change what differs."""

from datetime import timedelta
from pathlib import Path

import environ
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from movierec_site.api_rates import API_RATES, CORS_ALLOW_HEADERS, CORS_EXPOSE_HEADERS, rate_variable  # noqa: F401  # settings of corsheaders
from movierec_site.private_home import home_at
from movierec_site.settings.schema import SPECTACULAR_SETTINGS  # noqa: F401  # a setting
from recommendations.observability.logs import logging_settings

_PACKAGE = Path(__file__).resolve().parents[1]
BASE_DIR = _PACKAGE.parent
env = environ.Env()

# In a checkout, templates, static files and translations stand beside the packages. The wheel has them in this one,
# because they must not lie about in site-packages; nor may the state, which then joins the other data of the user.
INSTALLED = (_PACKAGE / "templates").is_dir()
RESOURCES = _PACKAGE if INSTALLED else BASE_DIR
_DATA = (
    Path(env("XDG_DATA_HOME", default="") or "~/.local/share", "movierec") if INSTALLED else BASE_DIR / "var"
)

# Everything the program writes lies under this folder. Two homes never touch each other.
MOVIEREC_HOME = home_at(Path(env("MOVIEREC_HOME", default="") or _DATA))

INSTALLED_APPS = [
    # Without the operators' pages, which most commands never need: the addresses import them.
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_structlog",
    "corsheaders",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "axes",
    "django_celery_beat",
    "accounts",
    "recommendations",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "recommendations.observability.middleware.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "recommendations.web.headers.permissions_policy",
    "corsheaders.middleware.CorsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "recommendations.web.load_shedding.LoadSheddingMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "recommendations.web.admin_gate.AdminGateMiddleware",
    "axes.middleware.AxesMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "movierec_site.urls"
WSGI_APPLICATION = "movierec_site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [RESOURCES / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
] + [{"NAME": "recommendations.services.account.passwords.EndsTokens"}]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "accounts.backends.NameOrEmailBackend"]
LOGIN_URL, LOGIN_REDIRECT_URL = "accounts:sign_in", "pages:results"
PASSWORD_RESET_TIMEOUT = 24 * 3600

# After so many wrong passwords for one account from one network, that pair has to wait.
AXES_FAILURE_LIMIT = env.int("SIGN_IN_FAILURES", default=6)
AXES_COOLOFF_TIME = timedelta(minutes=env.int("SIGN_IN_LOCK_MINUTES", default=15))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
# What comes while the pair waits is not tried, and makes the wait no longer.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_HANDLER = "recommendations.web.guessing.GuessingGuard"
AXES_USERNAME_CALLABLE = "recommendations.web.guessing.account_of"
AXES_CLIENT_IP_CALLABLE = "recommendations.web.guessing.address_of"
AXES_LOCKOUT_CALLABLE = "recommendations.web.guessing.locked_out"
# django-axes keeps the form of a failure; what is typed into these fields stays out of the database.
AXES_SENSITIVE_PARAMETERS = [
    "username",
    "ip_address",
    "name",
    "email",
    "current_password",
    "csrfmiddlewaretoken",
]
AXES_VERBOSE = False
# Who signed in when and from where is nobody's business.
AXES_DISABLE_ACCESS_LOG = True

# Letters go to files or the server that the environment names: smtp+tls://user:password@host:587
vars().update(env.email_url_config(env("EMAIL_URL", default="") or "consolemail://"))
# Operators get letters about failed jobs only where somebody has said how letters are sent.
MAIL_IS_SET = bool(env("EMAIL_URL", default=""))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("MAIL_FROM", default="movierec <movierec@localhost>")
EMAIL_TIMEOUT = 10

# Where people find the site, for the links in e-mails, such as https://films.example.org; empty: as the request says.
SITE_URL = env("SITE_URL", default="")

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French"))]
LOCALE_PATHS = [RESOURCES / "locale"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [RESOURCES / "static"]
STATIC_ROOT = MOVIEREC_HOME / "static"
# Only developer tools ask for source maps; to compress the largest ones takes longer than everything else.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]

SILENCED_SYSTEM_CHECKS: list[str] = []

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}
X_FRAME_OPTIONS = "DENY"

REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "recommendations.api.schema.AccessSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    # What a view does not say itself: signed in, and nothing is open by oversight.
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "EXCEPTION_HANDLER": "recommendations.web.problems.problem_handler",
    "URL_FORMAT_OVERRIDE": None,
    "LIST_SERIALIZER_ERRORS_AS_DICT": True,
}
API_THROTTLE_RATES = {kind: env(rate_variable(kind), default=rate) for kind, rate in API_RATES.items()}
# Pages of these other sites may ask the API from a browser, with a token and never with the cookie of this site.
CORS_ALLOWED_ORIGINS = env.list("CORS_ALLOWED_ORIGINS", default=[])
CORS_URLS_REGEX = r"^/api/"
KNOX_TOKEN_MODEL = "accounts.ApiToken"
# The prefix lets scanners of source code find a token that was committed by mistake.
REST_KNOX = {"TOKEN_PREFIX": "mrec_", "AUTH_HEADER_PREFIX": "Bearer"}
# Logs go to stderr, whoever starts the process keeps them. INFO adds a line for each request.
LOGGING = logging_settings(
    level=env("LOG_LEVEL", default="WARNING"), as_json=env.bool("LOG_JSON", default=False)
)
DJANGO_STRUCTLOG_USER_ID_FIELD = None
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = 10  # DEBUG: the line at the end of a request says it all
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = 20  # INFO: somebody else's mistake

# /metrics: staff, the bearer of this token, and programs of this machine (nobody else reaches the demo anyway).
METRICS_TOKEN = env("METRICS_TOKEN", default="")
METRICS_FROM_LOOPBACK = env.bool("METRICS_FROM_LOOPBACK", default=True)
# Where the schedule reads them for Kibana's dashboards; empty: it does not.
METRICS_URL = env("METRICS_URL", default="")

# A form whose token does not match; in the admin it says so in the admin's look.
CSRF_FAILURE_VIEW = "recommendations.web.error_views.csrf_failure"

# What production must not start with is checked there (movierec_site/safety.py).
PRODUCTION = False
# So many proxies stand before the site, each appending to X-Forwarded-For whom it heard from.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
# From where the admin exists; empty: from everywhere, which production accepts only with ADMIN_OPEN.
ADMIN_NETWORKS = env.list("ADMIN_NETWORKS", default=[])
ADMIN_OPEN = env.bool("ADMIN_OPEN", default=False)

# Uploads: histories to import are small. What is larger than this is refused before it is parsed.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
DATA_UPLOAD_MAX_NUMBER_FILES = 5
FILE_UPLOAD_PERMISSIONS = 0o600

# Elasticsearch: where it answers. Empty means: the local node that this home manages.
ELASTICSEARCH_URL = env("ELASTICSEARCH_URL", default="")
ELASTICSEARCH_VERSION = env("ELASTICSEARCH_VERSION", default="8.19.21")
ELASTICSEARCH_API_KEY = env("ELASTICSEARCH_API_KEY", default="")
ELASTICSEARCH_CA_CERTS = env("ELASTICSEARCH_CA_CERTS", default="")
# A list takes about 10 ms; whoever waits longer than this gets it from the NumPy scorer.
ELASTICSEARCH_TIMEOUT_SECONDS = env.float("ELASTICSEARCH_TIMEOUT_SECONDS", default=1.0)
# So long after its first question a process waits up to five seconds: what has just started is slow for a while.
ELASTICSEARCH_WARM_UP_SECONDS = env.float("ELASTICSEARCH_WARM_UP_SECONDS", default=30.0)
# After so many failures in a row Elasticsearch is left alone for so long, and then tried again with one request.
ELASTICSEARCH_BREAKER_FAILURES = env.int("ELASTICSEARCH_BREAKER_FAILURES", default=3)
ELASTICSEARCH_BREAKER_SECONDS = env.float("ELASTICSEARCH_BREAKER_SECONDS", default=5.0)

# Spark: local[*] needs no cluster; spark://host:7077 is one.
SPARK_MASTER = env("SPARK_MASTER", default="local[*]")
SPARK_DRIVER_MEMORY = env("SPARK_DRIVER_MEMORY", default="1g")

# Promotion gate: a new version must beat the most popular films on each of these protocols and may lose so much of
# the champion's nDCG. With fewer people in the data the figures say nothing, and it is promoted unjudged.
PROMOTION_PROTOCOLS = env.list("PROMOTION_PROTOCOLS", default=["temporal"])
PROMOTION_MARGIN = env.float("PROMOTION_MARGIN", default=0.03)
PROMOTION_MIN_PEOPLE = env.int("PROMOTION_MIN_PEOPLE", default=200)
# So many versions keep their model folder and indices, besides the champion and its predecessor.
MODEL_VERSIONS_KEPT = env.int("MODEL_VERSIONS_KEPT", default=5)

# Overload, per process: so many requests are worked on at once, so many wait for a moment, the rest get 503.
REQUESTS_AT_ONCE = env.int("REQUESTS_AT_ONCE", default=2)
REQUESTS_WAITING = env.int("REQUESTS_WAITING", default=16)
REQUESTS_WAITING_SECONDS = env.float("REQUESTS_WAITING_SECONDS", default=1.0)
# A longer file to import is refused before it is read.
IMPORT_MOST_BYTES = env.int("IMPORT_MOST_BYTES", default=25_500_000)
# Files of ratings have places of their own, so that they never take those of readers.
IMPORTS_AT_ONCE = env.int("IMPORTS_AT_ONCE", default=1)
IMPORTS_WAITING = env.int("IMPORTS_WAITING", default=2)

RECOMMENDATIONS_MAX_K = 100

# More events than this within a minute are a program's, and stay out of results.
EVENTS_OF_A_BOT = env.int("EVENTS_OF_A_BOT", default=200)
# What people did with their lists is forgotten after so many days.
EVENTS_KEPT_DAYS = env.int("EVENTS_KEPT_DAYS", default=400)

# Background work. Messages only wake a worker up (the jobs themselves are rows of the database), so that without
# Redis a folder of the home is good enough as a broker.
REDIS_URL = env("REDIS_URL", default="")
CELERY_BROKER_URL = REDIS_URL or "filesystem://"
_QUEUE = str(MOVIEREC_HOME / "queue")
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"socket_connect_timeout": 2, "socket_timeout": 10}
    if REDIS_URL
    else {"data_folder_in": _QUEUE, "data_folder_out": _QUEUE, "control_folder": f"{_QUEUE}-control"}
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# Messages are acknowledged when a task starts (Celery's default): what they wake up is in the database, and a worker
# that holds an unacknowledged message for the minutes of a job crashes in kombu 5.7 when Redis goes away meanwhile.
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = TIME_ZONE
# A job waits for its Spark application and needs no process of its own; the second thread looks after the jobs.
CELERY_WORKER_POOL = "threads"
CELERY_WORKER_CONCURRENCY = 2
CELERY_WORKER_PREFETCH_MULTIPLIER = 1

CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
# How often a worker is asked to look after the jobs, which is also its sign of life.
JOBS_TEND_SECONDS = env.float("JOBS_TEND_SECONDS", default=15.0)
CELERY_BEAT_SCHEDULE = {
    "look after the jobs": {
        "task": "recommendations.tasks.tend_jobs",
        "schedule": JOBS_TEND_SECONDS,
    },
    # Several ratings of a person within this time cost one write of their profile. The click itself sends no message.
    "write profiles": {
        "task": "recommendations.tasks.write_profiles",
        "schedule": env.float("PROFILES_WRITE_SECONDS", default=5.0),
    },
    "look after batches of lists": {"task": "recommendations.tasks.tend_batches", "schedule": 30.0},
    "update what films are about": {"task": "recommendations.tasks.update_film_texts", "schedule": 30.0},
    "look after the experiment": {"task": "recommendations.tasks.tend_experiment", "schedule": 60.0},
    "look after events": {"task": "recommendations.tasks.tend_events", "schedule": 3600.0},
    "count trends": {"task": "recommendations.tasks.refresh_trends", "schedule": 600.0},
    "forget deleted accounts": {"task": "recommendations.tasks.forget_deleted_accounts", "schedule": 3600.0},
}
if METRICS_URL:
    CELERY_BEAT_SCHEDULE["record the operation"] = {
        "task": "recommendations.tasks.record_operations",
        "schedule": 60.0,
    }

# The data that jobs read (empty: MovieLens-100k, fetched into the home), and where data sets lie under their names.
MOVIEREC_DATA = env("MOVIEREC_DATA", default="")
MOVIEREC_DATASETS = env("MOVIEREC_DATASETS", default="") or str(BASE_DIR.parent / "shared" / "data")
# Posters are shown only with a key of the operator's own (themoviedb.org); the addresses are for tests and proxies.
TMDB_API_KEY = env("TMDB_API_KEY", default="")
TMDB_API_URL = env("TMDB_API_URL", default="https://api.themoviedb.org/3")
TMDB_IMAGE_URL = env("TMDB_IMAGE_URL", default="https://image.tmdb.org/t/p")
# A running job gives a sign of life at least every two seconds; its worker is taken for dead after so long.
JOBS_LOST_AFTER_SECONDS = env.int("JOBS_LOST_AFTER_SECONDS", default=60)
