"""Which devices a person has signed in from before, remembered by the device itself.

A signed cookie holds the keys of the people who signed in with this browser. The portal keeps no
list of devices for it; whoever deletes the cookie is told of "a new device" once more.
"""

from django.conf import settings
from django.core import signing

YEAR = 60 * 60 * 24 * 365  # seconds
SALT = "accounts.devices"
MOST = 8  # people of one browser


def people(request):
    cookie = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    try:
        return signing.loads(cookie, salt=SALT, max_age=YEAR)
    except signing.BadSignature:
        return []


def knows(request, user):
    return user.pk in people(request)


def remember(request, response, user):
    """Let the browser say next time that `user` has signed in with it."""
    others = [pk for pk in people(request) if pk != user.pk]
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps([user.pk, *others][:MOST], salt=SALT),
        max_age=YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
