"""The forms of signing in: wrong codes are counted, and none works twice; passkeys have names."""

from allauth.account.forms import ConfirmLoginCodeForm as AnyLoginCodeForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm as AnyAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AnyReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import limits, origin
from accounts.audit import Outcome, record


def wrong(user, step):
    limits.take("guesses", origin.here())
    record("user.sign_in_failed", user, by=None, note=step, outcome=Outcome.FAILED)


class SecondStep:
    """The code of the second step: at most so many wrong ones for a person, whoever tries."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        apps = Authenticator.objects.filter(user=self.user, type=Authenticator.Type.TOTP)
        self.has_app = apps.exists()

    def clean_code(self):
        limits.refuse(limits.exhausted("guesses", origin.here()))
        limits.refuse(limits.take("second_step", self.user.pk))
        try:
            code = super().clean_code()
        except ValidationError:
            wrong(self.user, "code")
            raise
        # The code of an app is right for a minute and a half; what was seen over a shoulder, or
        # sent twice at once, is not right again.
        signs = "".join(filter(str.isalnum, code))
        if limits.take("used_code", f"{self.user.pk} {signs}"):
            raise ValidationError(_("This code has been used already. Wait for the next one."))
        limits.give_back("second_step", self.user.pk)
        return code


class AuthenticateForm(SecondStep, AnyAuthenticateForm):
    pass


class ReauthenticateForm(SecondStep, AnyReauthenticateForm):
    pass


class LoginCodeForm(AnyLoginCodeForm):
    """The code from a mail: five wrong guesses end it, also when they come at once."""

    def clean_code(self):
        request = context.request
        limits.refuse(limits.exhausted("guesses", origin.here()))
        this_code = f"{request.session.session_key} {self.expected_code}"
        limits.refuse(limits.take("mail_code", this_code))
        try:
            return super().clean_code()
        except ValidationError:
            wrong(request._login_stage.login.user, "code by mail")
            raise


class KnownPasskey:
    """A passkey that opens nothing is told in words, and written down."""

    def clean_credential(self):
        try:
            return super().clean_credential()
        except ValidationError:
            wrong(self.user, "passkey")
            text = _("This passkey does not open the portal. Sign in in another way.")
            raise ValidationError(text) from None


class LoginPasskeyForm(KnownPasskey, LoginWebAuthnForm):
    pass


class AuthenticatePasskeyForm(KnownPasskey, AuthenticateWebAuthnForm):
    pass


class ReauthenticatePasskeyForm(KnownPasskey, ReauthenticateWebAuthnForm):
    pass


def name_field():
    return forms.CharField(
        label=gettext_lazy("Name of the passkey"),
        max_length=60,
        help_text=gettext_lazy("It tells you where the passkey is kept: for example “work phone”."),
    )


class AddPasskeyForm(AddWebAuthnForm):
    name = name_field()
    passwordless = forms.BooleanField(
        label=gettext_lazy("Sign in with it alone, without the password"),
        required=False,
        initial=True,
        help_text=gettext_lazy("It then asks for a finger, a face or a PIN each time."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Made before the form is sent, the passkey is not refused for want of a name.
        self.fields["name"].required = False


class RenamePasskeyForm(EditWebAuthnForm):
    name = name_field()
