import os

from django.core.wsgi import get_wsgi_application

from integration_portal.celery import app

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "integration_portal.settings")

application = get_wsgi_application()
# Loads the broker's client (half a second, 18 MB) once, before the workers fork: else whoever is
# the first to submit something in each of them waits for it. It connects to nothing yet.
broker = app.producer_pool
