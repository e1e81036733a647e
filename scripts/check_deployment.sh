#!/usr/bin/env bash
# Django's checks for deployment, on production's settings with made-up secrets. Warnings fail.
source "$(dirname "$0")/common.sh"
cd "$project"

random() { LC_ALL=C tr -dc 'A-Za-z0-9' </dev/urandom | head -c 64 || true; }
env -u DEBUG \
    DJANGO_SETTINGS_MODULE=movierec_site.settings.production \
    SECRET_KEY="$(random)" METRICS_TOKEN="$(random)" \
    DATABASE_URL="postgres://movierec:$(random)@127.0.0.1/movierec" REDIS_URL="redis://:$(random)@127.0.0.1/0" \
    ALLOWED_HOSTS=films.example.org ADMIN_NETWORKS=10.0.0.0/8 ELASTICSEARCH_URL=http://127.0.0.1:9200 \
    "$venv/bin/python" manage.py check --deploy --fail-level WARNING
