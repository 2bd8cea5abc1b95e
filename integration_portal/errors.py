"""The pages a person meets when something cannot be done, each in the language of its address."""

import errno
import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation

from integration_portal import context

AWAY = (OperationalError, InterfaceError)
FULL = {errno.ENOSPC, errno.EDQUOT}
FORM = 1 << 20  # bytes of a form beside its file
RETRY_AFTER = 30  # seconds
STANDING = {  # pages of words alone: readable also when nobody can say who is asking
    "journey:accessibility": "journey/accessibility.html",
    "journey:privacy": "journey/privacy.html",
}
LONG = 40  # characters; what is shorter is quickly typed again


def bad_request(request, exception):
    return page(request, "errors/400.html", 400)


def forbidden(request, exception):
    return page(request, "errors/403.html", 403)


def not_found(request, exception):
    return page(request, "errors/404.html", 404)


def csrf_failed(request, reason=""):
    """Our own form, sent from a stale page, gets its longer texts back, so that nothing is lost."""
    own = request.headers.get("Sec-Fetch-Site") == "same-origin"
    fields = request.POST.items() if own else ()
    texts = [text for name, text in fields if len(text) > LONG and is_text(name)]
    return page(request, "errors/csrf.html", 403, texts=texts)


def is_text(name):
    return "password" not in name and name != "csrfmiddlewaretoken"


def failed(request):
    """Django calls this inside its `except`, wherever it happened: view, session or sign-in."""
    error = sys.exc_info()[1]
    if isinstance(error, OSError) and error.errno in FULL:
        return plain_page(request, "errors/507.html", 507)
    if not isinstance(error, AWAY):
        return plain_page(request, "errors/500.html", 500)
    if request.resolver_match and request.resolver_match.view_name in STANDING:
        return plain_page(request, STANDING[request.resolver_match.view_name], 200)
    return unavailable(request)


def unavailable(request):
    response = plain_page(request, "errors/503.html", 503)
    response["Retry-After"] = RETRY_AFTER
    return response


class TooLarge:
    """Refuses what says itself that it is too large, before a byte of it is read."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        length = str(request.META.get("CONTENT_LENGTH") or "0")
        if length.isdecimal() and int(length) > settings.UPLOAD_FILE_BYTES + FORM:
            most = settings.UPLOAD_FILE_BYTES >> 20
            return plain_page(request, "errors/413.html", 413, most=most)
        return self.get_response(request)


def page(request, template, status, **values):
    with translation.override(language(request)):
        return render(request, template, values, status=status)


def plain_page(request, template, status, **values):
    """A page that asks neither the database nor the session: no request reaches its template."""
    with translation.override(language(request)):
        frame = context.page(request)
        frame |= {"frame": "errors/_plain.html", "reference": getattr(request, "id", "")} | values
        return HttpResponse(render_to_string(template, frame), status=status)


def language(request):
    """The address's language; without one in the address, the browser's."""
    from_path = translation.get_language_from_path(request.path_info)
    return from_path or translation.get_language_from_request(request)
