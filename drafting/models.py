from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey, GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipalities.models import Municipality


class Versioned(models.Model):
    """A row that several people write: each save names the version it was written on.

    `drafted` names the fields that are written together; `saving` keeps what each version of them
    was, as revisions. Comments and proposals belong to such a row as well: the app that owns it
    shows them behind its own `visible_to`.
    """

    drafted = ()
    audited_as = ""  # what the audit's actions on its comments begin with

    version = models.PositiveIntegerField(_("version"), default=0, editable=False)
    changed_at = models.DateTimeField(_("changed"), null=True, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    revisions = GenericRelation("drafting.Revision", "row_pk", "row_type")
    comments = GenericRelation("drafting.Comment", "row_pk", "row_type")
    proposals = GenericRelation("drafting.Proposal", "row_pk", "row_type")

    class Meta:
        abstract = True

    def values_at(self, version, names):
        """What `names` were in `version`; a name is missing where that was not kept."""
        kept = self.revisions.values_at(version, names)
        return {name: self._meta.get_field(name).to_python(kept[name]) for name in kept}


class BesideQuerySet(models.QuerySet):
    """Rows that belong to a row of another table."""

    def beside(self, rows):
        """Those that belong to any of `rows`, all of one model."""
        types = [ContentType.objects.get_for_model(type(row)) for row in rows[:1]]
        return self.filter(row_type__in=types, row_pk__in=[row.pk for row in rows])

    def counted(self):
        """How many there are, by the key of the row they belong to."""
        return dict(self.order_by().values_list("row_pk").annotate(Count("pk")))


class Beside(models.Model):
    """Belongs to a `Versioned` row of any app, and goes with it."""

    row_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    row_pk = models.PositiveBigIntegerField()
    row = GenericForeignKey("row_type", "row_pk")

    class Meta:
        abstract = True


class RevisionQuerySet(BesideQuerySet):
    def values_at(self, version, names):
        """The newest stored value of each of `names` up to `version`, in two questions."""
        newest = {name: Max("version", filter=Q(values__has_key=name)) for name in names}
        last = self.filter(version__lte=version).aggregate(**newest)
        stored = dict(self.filter(version__in=set(last.values())).values_list("version", "values"))
        return {name: stored[at][name] for name, at in last.items() if at is not None}

    def of(self, names):
        """The revisions that changed any of `names`."""
        return self.filter(values__has_any_keys=list(names))


class Revision(Beside):
    """What one save changed. Written by `saving`, never changed.

    values: by field what was stored; the first revision of a row holds every drafted field as it
    was found. by, at: None where nobody had written yet. key: see `repeats`.
    """

    version = models.PositiveIntegerField(_("version"))
    values = models.JSONField(_("what was stored"), encoder=DjangoJSONEncoder)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="revisions",
        verbose_name=_("who"),
    )
    at = models.DateTimeField(_("when"), null=True)
    key = models.CharField(_("key"), max_length=64, blank=True)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["row_type", "row_pk", "version"], name="one_revision_per_version"
            ),
            models.UniqueConstraint(
                fields=["row_type", "row_pk", "key"],
                condition=~Q(key=""),
                name="one_revision_per_key",
            ),
        ]

    def __str__(self):
        return f"{self.row_type} {self.row_pk}, {self.version}"


class CommentQuerySet(BesideQuerySet):
    def waiting(self):
        """What is shown and not marked as done."""
        return self.filter(state=Comment.State.SHOWN, done_at=None)


class Comment(Beside):
    """Something said about a text. Its state: `workflow.move_comment`."""

    class State(models.TextChoices):
        SHOWN = "shown", pgettext_lazy("comment", "shown")
        WITHDRAWN = "withdrawn", pgettext_lazy("comment", "withdrawn")
        HIDDEN = "hidden", pgettext_lazy("comment", "hidden")

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="+", verbose_name=_("municipality")
    )
    field = models.CharField(_("which text"), max_length=60, blank=True)  # blank: the whole row
    text = models.TextField(_("comment"), max_length=2000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="comments", verbose_name=_("who")
    )
    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)
    mentioned = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="mentions")
    state = models.CharField(
        _("state"), max_length=20, choices=State, default=State.SHOWN, editable=False
    )
    done_at = models.DateTimeField(_("marked as done"), null=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    key = models.CharField(_("key"), max_length=64, unique=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["row_type", "row_pk"], name="comments_of_a_row")]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None)
                | Q(done_at__isnull=False, done_by__isnull=False),
                name="done_by_somebody",
            )
        ]

    def __str__(self):
        return f"{self.by}: {self.text[:40]}"

    @property
    def is_shown(self):
        return self.state == self.State.SHOWN

    @property
    def audit_noun(self):
        """In the audit what is said about a confidential text is as hidden as the text."""
        about = ContentType.objects.get_for_id(self.row_type_id).model_class()
        return f"{about.audited_as}comment"


class ProposalQuerySet(BesideQuerySet):
    def open(self):
        return self.filter(state=Proposal.State.OPEN)


class Proposal(Beside):
    """What somebody suggests for a text that others own. Its state: `workflow`.

    values: by drafted field what is suggested. kind: how it came; a proposal by link has no
    account, only the name that was given.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("proposal", "waiting for the owners")
        TAKEN = "taken", pgettext_lazy("proposal", "taken in")
        PARTLY = "partly", pgettext_lazy("proposal", "taken in partly")
        DECLINED = "declined", pgettext_lazy("proposal", "not taken in")
        WITHDRAWN = "withdrawn", pgettext_lazy("proposal", "withdrawn")

    class Kind(models.TextChoices):
        READER = "reader", pgettext_lazy("proposal", "by a reader")
        LINK = "link", pgettext_lazy("proposal", "through a link")
        SPREADSHEET = "spreadsheet", pgettext_lazy("proposal", "from a spreadsheet")
        TRANSLATION = "translation", pgettext_lazy("proposal", "from a translation")
        UNIT = "unit", pgettext_lazy("proposal", "by a unit")

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="+", verbose_name=_("municipality")
    )
    kind = models.CharField(_("how it came"), max_length=20, choices=Kind)
    values = models.JSONField(_("what is suggested"), encoder=DjangoJSONEncoder)
    note = models.TextField(_("a word to go with it"), max_length=1000, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="proposals",
        verbose_name=_("who"),
    )
    by_name = models.CharField(_("name of who suggests it"), max_length=120)
    at = models.DateTimeField(_("when"), default=timezone.now, editable=False)
    state = models.CharField(
        _("state"), max_length=20, choices=State, default=State.OPEN, editable=False
    )
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    answer = models.TextField(_("a word back"), max_length=1000, blank=True, editable=False)
    key = models.CharField(_("key"), max_length=64, unique=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["row_type", "row_pk"], name="proposals_of_a_row")]

    def __str__(self):
        return f"{self.by_name}: {self.row_type} {self.row_pk}"

    @property
    def is_open(self):
        return self.state == self.State.OPEN
