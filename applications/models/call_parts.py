"""What a call's page says beside its texts, a row each; staff keep them on the call's form."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from applications.models.calls import Call
from applications.words import SPOKEN
from documents.models import Upload
from municipalities.languages import in_language


class CallDate(models.Model):
    """Something that happens on the way of a call, such as an information session."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="dates")
    name_en = models.CharField(_("what, in English"), max_length=120)
    name_fi = models.CharField(_("what, in Finnish"), max_length=120)
    name_sv = models.CharField(_("what, in Swedish"), max_length=120)
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    is_whole_day = models.BooleanField(_("whole day"), default=False)

    class Meta:
        verbose_name = _("date")
        verbose_name_plural = _("dates")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")),
                name="call_date_ends_after_it_begins",
            )
        ]

    def __str__(self):
        return in_language(self, "name")

    # Day and hour in Helsinki, as they are typed and shown; what is not known is None.

    @property
    def starts_on(self):
        return timezone.localdate(self.starts_at)

    @property
    def ends_on(self):
        return timezone.localdate(self.ends_at) if self.ends_at else None

    @property
    def starts(self):
        return None if self.is_whole_day else timezone.localtime(self.starts_at).time()

    @property
    def ends(self):
        known = self.ends_at and not self.is_whole_day
        return timezone.localtime(self.ends_at).time() if known else None

    @property
    def is_over(self):
        """Whether it has ended; what lasts whole days ends with the last of them."""
        last = self.ends_at or self.starts_at
        if self.is_whole_day:
            return timezone.localdate(last) < timezone.localdate()
        return last < timezone.now()


class Contact(models.Model):
    """Whom a municipality asks about a call, about what, and in which languages."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="contacts")
    name = models.CharField(_("name"), max_length=120)
    organisation = models.CharField(_("organisation"), max_length=160)
    email = models.EmailField(_("email address"))
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    area_en = models.CharField(_("area of responsibility in English"), max_length=200)
    area_fi = models.CharField(_("area of responsibility in Finnish"), max_length=200)
    area_sv = models.CharField(_("area of responsibility in Swedish"), max_length=200)
    languages = ArrayField(
        models.CharField(max_length=2, choices=SPOKEN), verbose_name=_("languages spoken")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("contact person")
        verbose_name_plural = _("contact persons")
        ordering = ["position", "pk"]

    def __str__(self):
        return self.name

    @property
    def area(self):
        return in_language(self, "area")

    @property
    def language_names(self):
        return [SPOKEN[code] for code in self.languages]


class CallQuestion(models.Model):
    """A question that municipalities have asked about a call, and its answer."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="questions")
    question_en = models.CharField(_("question in English"), max_length=300)
    question_fi = models.CharField(_("question in Finnish"), max_length=300)
    question_sv = models.CharField(_("question in Swedish"), max_length=300)
    answer_en = models.TextField(_("answer in English"), max_length=2000)
    answer_fi = models.TextField(_("answer in Finnish"), max_length=2000)
    answer_sv = models.TextField(_("answer in Swedish"), max_length=2000)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("question and answer")
        verbose_name_plural = _("questions and answers")
        ordering = ["position", "pk"]

    def __str__(self):
        return self.question

    @property
    def question(self):
        return in_language(self, "question")

    @property
    def answer(self):
        return in_language(self, "answer")


class CallDocumentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever may read a call may download its documents, without an account too."""
        return self.filter(call__in=Call.objects.visible_to(user))


class CallDocument(models.Model):
    """A file that a call's readers download."""

    call = models.ForeignKey(Call, models.CASCADE, related_name="documents")
    title_en = models.CharField(_("title in English"), max_length=160)
    title_fi = models.CharField(_("title in Finnish"), max_length=160)
    title_sv = models.CharField(_("title in Swedish"), max_length=160)
    language = models.CharField(
        _("language of the file"), max_length=2, choices=settings.LANGUAGES, default="en"
    )
    upload = models.ForeignKey(
        Upload, models.PROTECT, editable=False, related_name="call_documents"
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = CallDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["position", "pk"]

    def __str__(self):
        return in_language(self, "title")

    @property
    def file(self):
        return self.upload
