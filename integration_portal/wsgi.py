import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import reverse
from django.utils import translation

from indexanalysis import edition
from integration_portal.celery import app

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "integration_portal.settings")

application = get_wsgi_application()

# What follows is loaded once, before the workers fork: else the first answer of each of them, also
# of one that is started anew after a crash, waits most of a second for it.
# The broker's client (half a second, 18 MB); it connects to nothing yet.
broker = app.producer_pool
# The questionnaire, and the addresses and words of each language.
edition.load(settings.SHIPPED_EDITION)
for language, _name in settings.LANGUAGES:
    with translation.override(language):
        reverse("journey:start")
