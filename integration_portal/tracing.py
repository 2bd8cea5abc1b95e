"""One id for a request, its answer, its log lines and the tasks that it starts."""

import re
import time
import uuid

import structlog
from django.conf import settings
from structlog.contextvars import bind_contextvars, clear_contextvars

from integration_portal import alive
from integration_portal.logs import level_of

logger = structlog.get_logger(__name__)

WELL_FORMED = re.compile(r"[A-Za-z0-9-]{8,64}")


class Traced:
    """Name each request, and write one line when it is answered.

    The proxy's name is kept, so that its log and ours can be laid side by side. `request.id` is
    there for whoever comes after; tasks get it along through the broker. The line holds the
    route's name, not the path: a path may hold a key.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        began = time.monotonic()
        request.id = request_id(request)
        clear_contextvars()
        bind_contextvars(request_id=request.id)
        response = self.get_response(request)
        response["X-Request-ID"] = request.id
        if request.path_info != alive.PATH:  # asked every few seconds
            write(request, response, round(1000 * (time.monotonic() - began)))
        clear_contextvars()
        return response

    def process_view(self, request, view, args, kwargs):
        """Bind what the lines in between and the tasks shall know."""
        route = request.resolver_match.view_name
        keys = {name: value for name, value in kwargs.items() if isinstance(value, int)}
        bind_contextvars(route=route, **keys)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            bind_contextvars(user_id=request.user.pk)


def request_id(request):
    given = request.headers.get("X-Request-ID", "")
    return given if WELL_FORMED.fullmatch(given) else uuid.uuid4().hex


def write(request, response, milliseconds):
    facts = {"method": request.method, "status": response.status_code, "ms": milliseconds}
    logger.log(level_of(response.status_code), "answered", **facts)
