"""Production does not start unsafely, and says why in sentences that name the way out."""

import os
import secrets
import subprocess
import sys

import pytest
from django.conf import settings as current

from movierec_site.safety import check_production, is_private_host

# No well-known word in it; the name of a test must be the same in every process.
ENOUGH = "fYk7QzT2mWv9LbXc4RjNs8HdPgUe3KaB6yVtZq5JrCnMwSxD1uFoGiEh0lAp"
GOOD = {
    "PRODUCTION": True,
    "DEBUG": False,
    "SECRET_KEY": secrets.token_urlsafe(64),
    "ALLOWED_HOSTS": ["films.example.org"],
    "DATABASES": {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": "movierec",
            "PASSWORD": secrets.token_hex(24),
        }
    },
    "ADMIN_NETWORKS": ["10.0.0.0/8"],
    "ADMIN_OPEN": False,
    "METRICS_TOKEN": secrets.token_hex(24),
    "ELASTICSEARCH_URL": "http://elasticsearch:9200",
    "ELASTICSEARCH_API_KEY": "",
    "CACHES": {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}},
    "CELERY_BROKER_URL": f"redis://:{secrets.token_hex(24)}@redis:6379/0",
}


@pytest.fixture
def production(settings):
    """Safe settings of production, which a test then spoils."""
    for name, value in GOOD.items():
        setattr(settings, name, value)
    return settings


def sentences() -> list[str]:
    return [finding.msg for finding in check_production()]


def test_safe_settings_pass(production):
    assert sentences() == []


def test_nothing_is_asked_of_the_demo(settings):
    settings.PRODUCTION, settings.DEBUG, settings.ALLOWED_HOSTS = False, True, ["*"]
    assert sentences() == []


@pytest.mark.parametrize(
    ("setting", "value", "told"),
    [
        ("SECRET_KEY", "missing", "SECRET_KEY is missing"),
        ("SECRET_KEY", "short", "shorter than 50"),
        ("SECRET_KEY", "ab" * 40, "SECRET_KEY is missing or shorter"),
        ("SECRET_KEY", "django-insecure-" + ENOUGH, "value of an example"),
        ("SECRET_KEY", "change-me-" + ENOUGH, "value of an example"),
        ("DEBUG", True, "DEBUG is on"),
        ("ALLOWED_HOSTS", [], "ALLOWED_HOSTS is empty"),
        ("ALLOWED_HOSTS", ["films.example.org", "*"], "every host"),
        ("DATABASES", {"default": {"ENGINE": "x.postgresql", "NAME": ""}}, "DATABASE_URL is missing"),
        (
            "DATABASES",
            {"default": {"ENGINE": "x.postgresql", "NAME": "m", "PASSWORD": "postgres"}},
            "DATABASE_URL",
        ),
        ("ADMIN_NETWORKS", [], "admin would be open"),
        ("ADMIN_NETWORKS", ["office"], "'office'"),
        ("METRICS_TOKEN", "short", "METRICS_TOKEN"),
        ("ELASTICSEARCH_URL", "http://search.example.org:9200", "without TLS"),
        ("ELASTICSEARCH_URL", "http://93.184.216.34:9200", "without TLS"),
        ("ELASTICSEARCH_URL", "https://search.example.org", "without a key"),
        (
            "CACHES",
            {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
            "REDIS_URL is missing",
        ),
        ("CELERY_BROKER_URL", "redis://redis:6379/0", "CELERY_BROKER_URL"),
        ("CELERY_BROKER_URL", "redis://:redis@redis:6379/0", "CELERY_BROKER_URL"),
        ("CELERY_BROKER_URL", f"redis://:{'x1' * 20}@redis.example.org:6379/0", "without TLS"),
    ],
)
def test_unsafe_settings_are_told(production, setting, value, told):
    setattr(production, setting, value)
    assert any(told in sentence for sentence in sentences()), sentences()
    # No sentence repeats the secret that it complains about.
    if setting == "SECRET_KEY" and len(value) > 20:
        assert value not in " ".join(sentences())


def test_an_open_admin_may_be_wanted(production):
    production.ADMIN_NETWORKS, production.ADMIN_OPEN = [], True
    assert sentences() == []


def test_remote_elasticsearch_with_tls_and_key_is_fine(production):
    production.ELASTICSEARCH_URL, production.ELASTICSEARCH_API_KEY = "https://search.example.org", "a-key"
    assert sentences() == []


@pytest.mark.parametrize(
    ("host", "private"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("localhost", True),
        ("elasticsearch", True),
        ("10.1.2.3", True),
        ("192.168.0.9", True),
        ("0.0.0.0", False),
        ("8.8.8.8", False),
        ("search.example.org", False),
        ("localhost.example.org", False),
        ("", False),
    ],
)
def test_private_hosts(host, private):
    assert is_private_host(host) is private


def start(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run with production's settings and nothing in the environment that would make them safe."""
    known = {name: os.environ[name] for name in ("PATH", "HOME", "MOVIEREC_HOME") if name in os.environ}
    known |= {"DJANGO_SETTINGS_MODULE": "movierec_site.settings.production", **environment}
    return subprocess.run(
        [sys.executable, *command],
        cwd=current.BASE_DIR,
        env=known,
        capture_output=True,
        text=True,
        timeout=240,
    )


@pytest.mark.site
def test_gunicorn_ends_with_all_sentences_and_no_traceback():
    ended = start(
        "-m", "gunicorn", "movierec_site.wsgi", "--bind", "127.0.0.1:0", "--workers", "1", DEBUG="1"
    )
    assert ended.returncode != 0
    for setting in ("SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "DATABASE_URL", "ADMIN_NETWORKS"):
        assert setting in ended.stderr
    assert "does not start like this" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.site
def test_celery_beat_does_not_start_either(tmp_path):
    ended = start("-m", "celery", "-A", "movierec_site", "beat", "-s", str(tmp_path / "schedule"))
    assert ended.returncode != 0
    assert "SECRET_KEY is missing" in ended.stderr
