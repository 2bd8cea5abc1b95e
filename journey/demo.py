"""What the demo shows to whoever tries it: its people with their codes of now, and its mails."""

import email
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from pathlib import Path

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from journey.seed import PASSWORD

DOMAIN = "@demo.example"
NEWEST = 20  # mails
GROUPS = {
    "reviewer": gettext_lazy("project staff: reviewer"),
    "lead": gettext_lazy("project staff: lead"),
    "observer": gettext_lazy("observer"),
}


@dataclass(frozen=True)
class Person:
    email: str
    name: str
    part: str  # what the person is in the portal
    code: str  # of now; empty for whoever has no second factor


@dataclass(frozen=True)
class Sent:
    """A mail as the demo's page shows it."""

    subject: str
    to: str
    language: str
    at: datetime | None
    text: str


@login_not_required
@never_cache
@require_safe
def page(request):
    context = {"people": people(), "password": PASSWORD, "mails": mails()}
    return render(request, "journey/demo.html", context)


def people():
    users = User.objects.filter(email__endswith=DOMAIN).order_by("pk")
    users = users.prefetch_related(
        "groups", "memberships__municipality", "assignments__municipality", "authenticator_set"
    )
    return [Person(user.email, user.name, part(user), code(user)) for user in users]


def part(user):
    """In words, from what is fetched: the hats of an invented person."""
    hats = [f"{m.get_role_display()}: {m.municipality}" for m in user.memberships.all()]
    hats += [_("expert: %s") % a.municipality for a in user.assignments.all()]
    hats += [str(GROUPS[group.name]) for group in user.groups.all()]
    if user.is_superuser:
        hats.append(_("upkeep (superuser)"))
    return ", ".join(hats) or _("no municipality yet")


def code(user):
    for factor in user.authenticator_set.all():
        if factor.type == Authenticator.Type.TOTP:
            secret = decrypt(factor.data["secret"])
            return format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    return ""


def mails():
    """The newest mails of the folder that the demo sends to, newest first."""
    folder = Path(getattr(settings, "EMAIL_FILE_PATH", "") or settings.DATA_DIR / "mails")
    files = sorted(folder.glob("*.eml"), reverse=True)[:NEWEST]  # their names sort by time
    return [sent(file.read_bytes()) for file in files]


def sent(content):
    message = email.message_from_bytes(content, policy=policy.default)
    body = message.get_body(("plain",))
    at = message["Date"] and message["Date"].datetime.replace(tzinfo=UTC)  # Django writes UTC
    return Sent(
        subject=message["Subject"] or "",
        to=message["To"] or "",
        language=message["Content-Language"] or "",
        at=at,
        text=body.get_content() if body else "",
    )
