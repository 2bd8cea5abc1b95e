from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a mail is about; how often one gets it is chosen by kind."""

    SECURITY = "security", _("Signing in and security")
    INVITATION = "invitation", _("Invitations")
    DECISION = "decision", _("Decisions on applications and access")
    APPLICATION = "application", _("My municipality's application")
    GROUP = "group", _("Working group and its meetings")
    QUESTIONNAIRE = "questionnaire", _("The index questionnaire")
    VISIT = "visit", _("Recommendations and expert visits")
    STRATEGY = "strategy", _("The strategy")
    COMMENT = "comment", _("Comments and mentions")
    STAFF = "staff", _("Project staff's work")
    DIGEST = "digest", _("Summaries")


class Rhythm(models.TextChoices):
    NOW = "now", _("at once")
    DAILY = "daily", _("once a day, at 7:00")
    WEEKLY = "weekly", _("once a week, on Monday at 7:00")
    OFF = "off", _("not at all")


# What a person may choose, the default first. A kind that is not here always comes at once:
# its mails hold links that soon lapse, or warn of a stranger in the account.
OFFERED = {
    Kind.DECISION: [Rhythm.NOW, Rhythm.DAILY],
    Kind.APPLICATION: list(Rhythm),
    Kind.GROUP: list(Rhythm),
    Kind.QUESTIONNAIRE: list(Rhythm),
    Kind.VISIT: list(Rhythm),
    Kind.STRATEGY: list(Rhythm),
    Kind.COMMENT: list(Rhythm),
    Kind.STAFF: list(Rhythm),
}


class MailQuerySet(models.QuerySet):
    def visible_to(self, user):
        """To whom a mail went is seen by leads and upkeep; its text by its receiver alone."""
        seen = user.is_authenticated and (user.is_superuser or "lead" in user.staff_groups)
        return self if seen else self.none()

    def waiting(self):
        return self.filter(state=Mail.State.WAITING, sent_at=None)

    def held(self):
        return self.filter(state=Mail.State.HELD)

    def stuck(self):
        """Waiting for longer than any hiccup of a mail server; somebody should look."""
        return self.waiting().filter(waits_since__lt=Now() - stuck_after())

    def due(self):
        """What may be tried now, by the database's clock.

        Mails to one receiver leave in the order they were written: one waits for an earlier one.
        It does not wait for one that is stuck or braked for its number; and a security mail,
        whose link soon lapses, waits for no other kind. While a mail that found the mail server
        away sits out its pause, all others wait with it, so that one knocks, not a thousand.
        """
        waiting = Mail.objects.waiting()
        earlier = waiting.filter(to=OuterRef("to"), pk__lt=OuterRef("pk"))
        earlier = earlier.filter(waits_since__gte=Now() - stuck_after())
        same_kind = earlier.filter(kind=OuterRef("kind"))
        others = earlier.exclude(failure=Mail.Failure.BRAKED).exclude(kind=Kind.SECURITY)
        server_away = waiting.filter(failure=Mail.Failure.AWAY, next_at__gt=Now())
        return self.waiting().filter(
            ~Exists(same_kind),
            Q(kind=Kind.SECURITY) | ~Exists(others),
            ~Exists(server_away),
            next_at__lte=Now(),
        )


def stuck_after():
    return timedelta(seconds=settings.MAIL_STUCK_SECONDS)


class Mail(models.Model):
    """A mail to be sent once: written with what it tells of, sent by the worker afterwards."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        HELD = "held", _("kept for a summary")
        SENT = "sent", _("sent")
        GATHERED = "gathered", _("sent in a summary")
        UNWANTED = "unwanted", _("not wanted by the receiver")
        REFUSED = "refused", _("refused by the receiver's server")
        FAILED = "failed", _("given up")

    class Failure(models.TextChoices):
        AWAY = "away", _("the mail server does not answer")
        LATER = "later", _("the mail server asks to try later")
        REFUSED = "refused", _("the receiver's server does not take it")
        UNSENDABLE = "unsendable", _("no mail can be made of it")
        BRAKED = "braked", _("many to one receiver within an hour: it waits")
        SET_ASIDE = "set_aside", _("set aside when a backup was restored")

    key = models.CharField(_("key"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, db_default=Kind.SECURITY)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="mails",
        verbose_name=_("person"),
    )
    to = models.EmailField(_("to"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    gist = models.TextField(_("text in a summary"), db_default="", blank=True)
    secret = models.BooleanField(_("the text is erased once it is sent"), default=False)
    state = models.CharField(_("state"), max_length=20, choices=State, db_default=State.WAITING)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    waits_since = models.DateTimeField(_("waiting since"), db_default=Now())
    next_at = models.DateTimeField(_("next try"), db_default=Now())
    attempts = models.PositiveSmallIntegerField(_("tries"), db_default=0)
    failure = models.CharField(
        _("why not sent"), max_length=20, choices=Failure, db_default="", blank=True
    )
    last_error = models.CharField(_("the server's words"), max_length=300, db_default="")
    sent_at = models.DateTimeField(_("sent"), null=True)
    digest = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="gathered", verbose_name=_("summary")
    )

    objects = MailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["to", "id"], name="mails_waiting_by_receiver", condition=Q(state="waiting")
            ),
            models.Index(fields=["next_at"], name="mails_held", condition=Q(state="held")),
            models.Index(fields=["to", "kind", "sent_at"], name="mails_by_receiver"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="gathered") | Q(digest__isnull=False),
                name="a_gathered_mail_names_its_summary",
            ),
            models.CheckConstraint(
                condition=~Q(state="held") | Q(user__isnull=False, secret=False),
                name="a_held_mail_has_a_person_and_no_secret",
            ),
        ]

    def __str__(self):
        return f"{self.to}: {self.subject}"


class Preference(models.Model):
    """How often a person wants the mails of one kind; without a row, the default."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_preferences"
    )
    kind = models.CharField(max_length=20, choices=Kind)
    rhythm = models.CharField(max_length=20, choices=Rhythm)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="one_rhythm_per_person_and_kind")
        ]

    def __str__(self):
        return f"{self.kind}: {self.rhythm}"


class Pulse(models.Model):
    """When something that must come again and again came last: `notifications.pulse`."""

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField(db_default=Now())

    def __str__(self):
        return self.name
