from contextlib import suppress

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from accounts import factors, limits, origin

# What a person without the second factor may still open: setting it up, signing out (elsewhere
# too), the proof of the password that setting it up asks for, and the mail address' confirmation.
OPEN_ROUTES = ("mfa_", "account_", "usersessions_", "sign_out_everywhere", "alive")


class NeverStored:
    """What a signed-in person sees stays out of every cache, shared or of the browser."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:  # asking the user would cost a query
            response["Cache-Control"] = "private, no-store"
            patch_vary_headers(response, ["Cookie"])
        return response


class KnownOrigin:
    """Lets the audit and the limits know from where this request comes, without being handed it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        here = origin.Origin(address_of(request), str(getattr(request, "id", "") or "")[:64])
        token = origin.arrive(here)
        try:
            return self.get_response(request)
        finally:
            origin.leave(token)


def address_of(request):
    """The visitor's address; none where the web server listens on a socket and nobody told it."""
    with suppress(PermissionDenied):
        return get_adapter().get_client_ip(request)


# What is counted before a page is asked: for the network, and for the mail address that was typed
# or the person who is signed in. Wrong passwords and codes are counted where they are evaluated.
FOR_NETWORK = {
    "account_signup": "sign_ups",
    "account_reset_password": "requests",
    "account_request_login_code": "requests",
    "account_reset_password_from_key": "requests",
    "account_email": "requests",
    "mfa_login_webauthn": "passkeys",
}
FOR_ADDRESS = {
    "account_reset_password": "mail_requests",
    "account_request_login_code": "mail_requests",
}
FOR_PERSON = {"account_change_password": "changes"}


class Limited:
    """Refuses what was tried too often, and says until when."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.method != "POST":
            return None
        name = request.resolver_match.url_name
        asking = [
            (FOR_NETWORK.get(name), origin.here()),
            (FOR_ADDRESS.get(name), request.POST.get("email", "").strip()),
            (FOR_PERSON.get(name), request.user.pk),
        ]
        waits = [limits.take(what, whom) for what, whom in asking if what]
        until = max(filter(None, waits), default=None)
        return too_many(request, until) if until else None


def too_many(request, until):
    response = render(request, "429.html", {"wait": limits.wait(until)}, status=429)
    response["Retry-After"] = max(1, int((until - timezone.now()).total_seconds()))
    return response


class SecondFactorRequired:
    """Staff, experts and coordinators set up their second factor before they see anything."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        user = request.user
        if user.is_anonymous or (request.resolver_match.url_name or "").startswith(OPEN_ROUTES):
            return None
        if user.has_factor or not user.needs_second_factor:
            return None
        if factors.given_by_provider(request, user):
            return None
        return redirect("mfa_index")
