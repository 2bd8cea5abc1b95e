"""Sign-in through a municipality's own service (OpenID Connect), where the settings name one.

A service speaks only for the mail domains that the settings give it, and only for addresses that it
has verified. Whoever signs in so is the person with that address; a service can never bring in
another one's account, nor one of the staff.
"""

import requests
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter, _build_apps_from_settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts import factors, sessions
from accounts.audit import Outcome, record
from accounts.models import User

SECONDS = 5


class ProviderAdapter(DefaultSocialAccountAdapter):
    def list_apps(self, request, provider=None, client_id=None):
        """Only what the settings name: nobody adds a service in the admin."""
        named = _build_apps_from_settings(provider=provider, client_id=client_id)
        return [app for apps in named.values() for app in apps]

    def get_requests_session(self):
        return Calls(self.request)

    def authenticate_by_email(self, sociallogin):
        """The person who has the address now; one that is only asked for belongs to nobody."""
        email = email_of(sociallogin)
        person = User.objects.filter(email=email).first()
        if person and refusal(sociallogin) == "":
            return person, email
        return None

    def pre_social_login(self, request, sociallogin):
        """Refuse whom the service may not speak for; remember if it asked for two factors."""
        why = refusal(sociallogin)
        if why:
            refuse(request, sociallogin, why)
        prove(sociallogin)
        request.session.pop(factors.BY_PROVIDER, None)
        if sociallogin.is_existing and two_factors(sociallogin):
            request.session[factors.BY_PROVIDER] = sociallogin.user.pk

    def populate_user(self, request, sociallogin, data):
        user = sociallogin.user
        user.email = (data.get("email") or "").lower()
        user.name = (data.get("name") or "")[:120]
        user.language = get_language()
        return user

    def save_user(self, request, sociallogin, form=None):
        user = super().save_user(request, sociallogin, form)
        record("user.created", user, by=user, note=sociallogin.account.provider)
        if two_factors(sociallogin):
            request.session[factors.BY_PROVIDER] = user.pk
        return user

    def is_auto_signup_allowed(self, request, sociallogin):
        return True


class Calls(requests.Session):
    """The calls to a service: not for long, and a service that is away gets a page that says so."""

    def __init__(self, request):
        super().__init__()
        self.asked_by = request

    def request(self, *args, **kwargs):
        try:
            return super().request(*args, **{"timeout": SECONDS} | kwargs)
        except requests.RequestException as error:
            page = render(self.asked_by, "socialaccount/authentication_error.html", status=502)
            raise ImmediateHttpResponse(page) from error


def claims_of(sociallogin):
    said = sociallogin.account.extra_data
    return said.get("userinfo") or said.get("id_token") or {}


def email_of(sociallogin):
    return str(claims_of(sociallogin).get("email", "")).lower()


def refusal(sociallogin):
    """Why this sign-in is none, in a word for the audit; "" if it is one."""
    said, claims = sociallogin.account.extra_data, claims_of(sociallogin)
    app, email = sociallogin.provider.app, email_of(sociallogin)
    checks = {
        "another purpose": sociallogin.state.get("process", "login") == "login",
        "two subjects": same_subject(said),
        "mail not verified": claims.get("email_verified") is True,
        "foreign domain": speaks_for(app, email),
        "another person": speaks_for_person(sociallogin, app),
    }
    return next((why for why, holds in checks.items() if not holds), "")


def same_subject(said):
    """The token and what the service tells of the person are about one person."""
    subjects = {part.get("sub") for part in (said.get("userinfo"), said.get("id_token")) if part}
    return len(subjects) == 1


def prove(sociallogin):
    """Take the service's word for the address, from whoever only claimed it before."""
    email, person = email_of(sociallogin), sociallogin.user
    unproved = EmailAddress.objects.filter(email=email, verified=False)
    if not sociallogin.is_existing or person.email != email:
        unproved.delete()
        return
    unproved.exclude(user=person).delete()
    address, _new = EmailAddress.objects.get_or_create(
        user=person, email=email, defaults={"primary": True}
    )
    if not address.verified:
        person.set_unusable_password()  # chosen by somebody who never proved the address
        person.save(update_fields=["password"])
        sessions.end_all(person, by=None, note="address proved by the service")
        address.set_verified()


def speaks_for(app, email):
    name, _at, domain = email.partition("@")
    return bool(name) and domain.lower() in app.settings["domains"]


def speaks_for_person(sociallogin, app):
    """Someone who has moved on, or is on the staff, does not come in through a former employer."""
    if not sociallogin.is_existing:
        return True
    person = sociallogin.user
    return speaks_for(app, person.email) and not (person.is_staff or person.is_superuser)


def two_factors(sociallogin):
    """Whether the service said that it asked for two factors, in the way the settings know."""
    wanted = sociallogin.provider.app.settings.get("mfa") or {}
    token = sociallogin.account.extra_data.get("id_token") or {}
    ways = token.get("amr")
    ways = set(ways) if isinstance(ways, list) else set()
    return token.get("acr") in wanted.get("acr", ()) or bool(ways & set(wanted.get("amr", ())))


def refuse(request, sociallogin, why):
    person = sociallogin.user if sociallogin.is_existing else None
    note = f"{sociallogin.account.provider}: {why}"
    record("user.sign_in_failed", person, by=None, note=note, outcome=Outcome.REFUSED)
    messages.error(
        request,
        _("You cannot sign in with %(service)s here. Sign in with your email address instead.")
        % {"service": sociallogin.provider.app.name},
    )
    raise ImmediateHttpResponse(redirect("account_login"))
