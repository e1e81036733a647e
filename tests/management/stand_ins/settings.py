"""The demo's settings with stand-ins for the long stages; an app named first wins."""

from movierec_site.settings.demo import *  # noqa: F403
from movierec_site.settings.demo import INSTALLED_APPS

INSTALLED_APPS = ["tests.management.stand_ins", *INSTALLED_APPS]
STATICFILES_FINDERS = []  # nothing to collect: these tests are about signals
