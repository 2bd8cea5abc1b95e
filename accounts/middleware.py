from allauth.mfa.models import Authenticator
from django.conf import settings
from django.shortcuts import redirect
from django.utils.cache import patch_vary_headers

# What a person without the second factor may still open: setting it up, signing out, the proof
# of the password that setting it up asks for, and the mail address' confirmation.
OPEN_ROUTES = ("mfa_", "account_", "alive")


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
        factors = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP)
        if factors.exists() or not user.needs_second_factor:
            return None
        return redirect("mfa_activate_totp")
