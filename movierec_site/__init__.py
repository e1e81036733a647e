# Whoever imports Django's settings can send tasks.
from movierec_site.celery import app as celery_app

__all__ = ["celery_app"]
