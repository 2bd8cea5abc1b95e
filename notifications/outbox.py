import secrets

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation

from notifications.models import Mail


def nudge(task, key):
    """Start `task(key)` after the commit. If the broker is down, the sweeper starts it later.

    By name, so that a web process never imports a task. `robust`: an error is logged, not shown;
    it wants a real function, for Django's log line asks a partial for its name and fails.
    """

    def send():
        current_app.send_task(task, [key], retry=False)

    transaction.on_commit(send, robust=True)


def post(user, template, *, key, context, secret=False):
    """Write a mail to `user`, in their language; the same key twice is one mail.

    user: or whoever has `email`, `name` and `language`, such as somebody without an account.
    template: its first line is the subject, the rest the text. secret: erased once it is sent.
    """
    context = {"user": user, "site_url": settings.SITE_URL} | context
    with translation.override(user.language):
        subject, text = render_to_string(template, context).strip().split("\n", 1)
    return enqueue(user.email, user.language, subject, text, key=key, secret=secret)


def enqueue(to, language, subject, text, *, key=None, secret=False):
    """Write a ready-worded mail; without a key it is one of its own."""
    fields = {
        "to": to,
        "language": language,
        "subject": " ".join(subject.split())[:200],  # one line: no header can be slipped in
        "text": text.strip() + "\n",
        "secret": secret,
    }
    mail, created = Mail.objects.get_or_create(key=key or secrets.token_hex(16), defaults=fields)
    if created:
        nudge("notifications.tasks.send", mail.pk)
    return mail
