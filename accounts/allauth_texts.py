"""Texts of allauth and Django that our own catalogues translate; nothing imports this module.

All are shown on our account pages or in our admin. Those packages bring Finnish and Swedish
translations, but one text has none in Finnish, and the others are misspelt, unclear or name a
thing otherwise than we do ("epost-adress", "tilliin", "tunnistinkoodi"). Because they stand here,
`makemessages` keeps them in `locale/`, which wins over the packages' catalogues.
"""

from django.utils.translation import gettext_noop, ngettext_lazy

# Django has no Finnish for this one.
PASSWORD_TOO_SHORT = ngettext_lazy(
    "This password is too short. It must contain at least %d character.",
    "This password is too short. It must contain at least %d characters.",
    "count",
)
PASSWORD_LENGTH = ngettext_lazy(
    "Your password must contain at least %(min_length)d character.",
    "Your password must contain at least %(min_length)d characters.",
    "min_length",
)
PASSWORD_RULES = (
    gettext_noop("The password is too similar to the %(verbose_name)s."),
    gettext_noop("Your password can’t be too similar to your other personal information."),
    gettext_noop("Your password can’t be a commonly used password."),
)

LABELS = (
    gettext_noop("Email"),
    gettext_noop("Email address"),
    gettext_noop("Current Password"),
    gettext_noop("New Password (again)"),
    gettext_noop("Password (again)"),
    gettext_noop("Authenticator code"),
    gettext_noop("Code"),
    gettext_noop("Forgot your password?"),
    gettext_noop("Use your password"),
    gettext_noop("Use authenticator app or code"),
)

ERRORS = (
    gettext_noop("Incorrect code."),
    gettext_noop("Be patient, you are sending too many requests."),
    gettext_noop("Please type your current password."),
    gettext_noop("The email address and/or password you specified are not correct."),
    gettext_noop("The password reset token was invalid."),
    gettext_noop("This email address is already associated with this account."),
    gettext_noop("Too many failed login attempts. Try again later."),
    gettext_noop("You must type the same password each time."),
    gettext_noop(
        "You cannot activate two-factor authentication until you have verified your email address."
    ),
    gettext_noop(
        "You cannot add an email address to an account protected by two-factor authentication."
    ),
    gettext_noop(
        "You cannot generate recovery codes without having two-factor authentication enabled."
    ),
)

IN_THE_ADMIN = (
    gettext_noop("Accounts"),
    gettext_noop("TOTP Authenticator"),
    gettext_noop("email addresses"),
    gettext_noop("Mark selected email addresses as verified"),
    gettext_noop("Marked {email} as verified."),
    gettext_noop("Failed to mark {email} as verified."),
)

# Of Django's admin, missing in its Finnish and Swedish catalogues.
ADMIN = (
    gettext_noop("Model name"),
    gettext_noop("Add link"),
    gettext_noop("Change or view list link"),
)
