import base64
import hashlib

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import user_email
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib.auth import get_user_model
from django.template.loader import render_to_string
from django.urls import translate_url
from django.utils import translation

from notifications.outbox import enqueue


class AccountAdapter(DefaultAccountAdapter):
    """allauth's mails leave through our outbox, in the receiver's language, with our address."""

    def send_mail(self, template_prefix, email, context):
        receiver = context.get("user") or get_user_model().objects.filter(email=email).first()
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

    def get_email_confirmation_url(self, request, emailconfirmation):
        return self.at_site(super().get_email_confirmation_url(request, emailconfirmation))

    def get_reset_password_from_key_url(self, key):
        return self.at_site(super().get_reset_password_from_key_url(key))

    def at_site(self, url):
        """Return `url` at our own address, whatever the request's Host header said."""
        return settings.SITE_URL + "/" + url.split("//", 1)[-1].split("/", 1)[-1]

    def save_user(self, request, user, form, commit=True):
        user.name = form.cleaned_data["name"]
        user.language = form.cleaned_data["language"]
        user = super().save_user(request, user, form, commit=False)
        user_email(user, user.email.lower())
        if commit:
            user.save()
        return user


class MFAAdapter(DefaultMFAAdapter):
    """The secrets of second factors are stored encrypted with a key made from SECRET_KEY."""

    def encrypt(self, text):
        return fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text):
        return fernet().decrypt(encrypted_text.encode()).decode()


def fernet():
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"mfa {key}".encode()).digest()))
        for key in keys
    )
