import base64
import hashlib

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.utils import user_email
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth import get_user_model
from django.template.loader import render_to_string
from django.urls import translate_url
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import devices, limits, next_page, origin, sessions
from accounts.audit import Outcome, record
from notifications.outbox import enqueue

# Mails that whoever knows an address can have sent to it.
ASKED_FOR = frozenset(
    f"account/email/{name}"
    for name in (
        "account_already_exists", "email_confirmation", "email_confirmation_signup", "login_code",
        "password_reset_key", "unknown_account",
    )
)  # fmt: skip
# Every change in how a person signs in is told to the person: what the audit calls it, and what
# it says of the kind.
CHANGES = {
    "account/email/email_changed": ("user.address_changed", ""),
    "account/email/email_deleted": ("user.address_removed", ""),
    "account/email/password_changed": ("user.password_changed", ""),
    "account/email/password_reset": ("user.password_reset", ""),
    "account/email/password_set": ("user.password_set", ""),
    "mfa/email/recovery_codes_generated": ("factor.added", "recovery codes"),
    "mfa/email/totp_activated": ("factor.added", "app"),
    "mfa/email/totp_deactivated": ("factor.removed", "app"),
    "mfa/email/webauthn_added": ("factor.added", "passkey"),
    "mfa/email/webauthn_removed": ("factor.removed", "passkey"),
    "socialaccount/email/account_connected": ("user.service_connected", ""),
    "socialaccount/email/account_disconnected": ("user.service_removed", ""),
}
NEW_DEVICE = "account/email/new_device"


class AccountAdapter(DefaultAccountAdapter):
    """allauth asks here; what happens is counted, written down, and mailed through our outbox."""

    def send_mail(self, template_prefix, email, context):
        if template_prefix in ASKED_FOR and limits.take("mails", email):
            return  # the page says the same, so that nobody learns who has an account
        receiver = context.get("user") or find(email)
        language = getattr(receiver, "language", None) or translation.get_language()
        links = {
            name: translate_url(self.at_site(address), language)
            for name, address in context.items()
            if name.endswith("_url") and address
        }
        context = {"site_url": settings.SITE_URL, "email": email} | context | links
        with translation.override(language):
            subject = render_to_string(f"{template_prefix}_subject.txt", context)
            text = render_to_string(f"{template_prefix}_message.txt", context)
        enqueue(email, language, subject, text, secret=True)

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """A change in how `user` signs in: told, written down, and the end of other sessions."""
        super().send_notification_mail(template_prefix, user, context, email)
        if template_prefix == NEW_DEVICE:
            return
        action, kind = CHANGES[template_prefix]
        record(action, user, by=user, note=kind)
        if template_prefix == "account/email/password_reset":
            limits.forget("password", user.email)
        if self.request.user == user:
            sessions.end_others(self.request, note=action)
        else:
            sessions.end_all(user, by=user, note=action)

    def get_email_confirmation_url(self, request, emailconfirmation):
        return self.at_site(super().get_email_confirmation_url(request, emailconfirmation))

    def get_reset_password_from_key_url(self, key):
        return self.at_site(super().get_reset_password_from_key_url(key))

    def at_site(self, url):
        """Return `url` at our own address, whatever the request's Host header said."""
        return settings.SITE_URL + "/" + url.split("//", 1)[-1].split("/", 1)[-1]

    def is_safe_url(self, url):
        return next_page.is_safe(url)

    def save_user(self, request, user, form, commit=True):
        user.name = form.cleaned_data["name"]
        user.language = form.cleaned_data["language"]
        user = super().save_user(request, user, form, commit=False)
        user_email(user, user.email.lower())
        if commit:
            user.save()
            record("user.created", user, by=user)
        return user

    def send_account_already_exists_mail(self, email):
        # As long as making an account takes, or the answer's time would tell that there is one.
        get_user_model()().set_password(email)
        super().send_account_already_exists_mail(email)

    def confirm_email(self, request, email_address):
        confirmed = super().confirm_email(request, email_address)
        if confirmed:
            user = email_address.user
            record("user.address_confirmed", user, by=user)
        return confirmed

    def pre_authenticate(self, request, **credentials):
        """Count the try before it is evaluated; a right password is given back afterwards."""
        limits.refuse(limits.exhausted("guesses", origin.here()))
        limits.refuse(limits.take("password", credentials.get("email", "")))

    def authenticate(self, request, **credentials):
        user = super().authenticate(request, **credentials)
        if user:
            limits.give_back("password", credentials.get("email", ""))
        return user

    def authentication_failed(self, request, **credentials):
        limits.take("guesses", origin.here())
        whose = find(credentials.get("email", ""))
        record("user.sign_in_failed", whose, by=None, note="password", outcome=Outcome.FAILED)

    def get_reauthentication_methods(self, user):
        methods = super().get_reauthentication_methods(user)
        for method in methods:
            if method["id"] == "mfa_reauthenticate:webauthn":
                method["description"] = _("Use your passkey")
        return methods

    def get_login_stages(self):
        ours = {"allauth.mfa.stages.AuthenticateStage": "accounts.stages.SecondStep"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def login(self, request, user):
        super().login(request, user)
        ways = [
            way.get("type") or way["method"] for way in get_authentication_records(request, user)
        ]
        record("user.signed_in", user, by=user, note=", ".join(ways))

    def post_login(self, request, user, **how):
        response = super().post_login(request, user, **how)
        before = user.audit_entries.filter(action="user.signed_in")[1:2]  # the first is this one
        if before.exists() and not devices.knows(request, user):
            self.send_notification_mail(NEW_DEVICE, user)
        devices.remember(request, response, user)
        return response

    def logout(self, request):
        user = request.user
        super().logout(request)
        if user.is_authenticated:
            record("user.signed_out", user, by=user)


def find(email):
    return get_user_model().objects.filter(email=email.lower()).first()


class SessionsAdapter(DefaultUserSessionsAdapter):
    """allauth ends the sessions whose rows it has; ours ends them all."""

    def end_sessions(self, sessions_to_end):
        if self.request.user.is_authenticated:
            sessions.end_others(self.request)
        elif sessions_to_end:
            sessions.end_all(sessions_to_end[0].user, by=None)


class MFAAdapter(DefaultMFAAdapter):
    """The secrets of second factors are stored encrypted with a key made from SECRET_KEY."""

    def encrypt(self, text):
        return fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return fernet().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user, type):
        number = user.authenticator_set.filter(type=type).count() + 1
        return _("Passkey %s") % number

    def get_public_key_credential_rp_entity(self):
        """A passkey belongs to our own address, whatever the request's Host header said."""
        return {"id": settings.ALLOWED_HOSTS[0], "name": str(settings.PORTAL_NAME)}


def fernet():
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"mfa {key}".encode()).digest()))
        for key in keys
    )
