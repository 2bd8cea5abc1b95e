"""Where a sign-in may lead afterwards: nowhere but to a page of ours."""

from urllib.parse import urlsplit

from django.conf import settings
from django.utils.http import url_has_allowed_host_and_scheme


def is_safe(url):
    """Whether `url`, which came with a request, is a page of this portal."""
    ours = urlsplit(settings.SITE_URL).netloc
    return url_has_allowed_host_and_scheme(url, {ours}, require_https=settings.HTTPS)
