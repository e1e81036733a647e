#!/bin/sh
# What has to be done before the site starts: refuses unsafe settings, then database and static files.
set -eu
python manage.py check --tag production
python manage.py migrate --no-input
python manage.py collectstatic --no-input --verbosity 0
