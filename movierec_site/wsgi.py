"""WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

from movierec_site.safety import refuse_unsafe_start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "movierec_site.settings.demo")
application = get_wsgi_application()
refuse_unsafe_start()
