from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.workflow import Refused
from applications import permissions
from applications.models import UNDER_WAY, Application, Attachment
from documents.models import Upload
from documents.reasons import why_refused
from documents.storing import store, used


def to_attach(application, by, what=""):
    """The application, locked while its attachments are open: what is submitted keeps them.

    what: the kind that is added, which may be one that follows. Raises PermissionDenied without
    the right, Refused where they are not open now.
    """
    application = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if not permissions.can_attach(by, application):
        raise PermissionDenied
    follows = what in {row.what for row in following(application)}
    if not follows and not permissions.can_change_attachments(by, application):
        raise Refused(_("The application is no draft any more, so its attachments are locked."))
    return application


def following(application):
    """What may still be added to a submitted application; nothing once it is decided."""
    if application.state not in UNDER_WAY:
        return []
    return list(application.call.requirements.following())


@transaction.atomic
def attach(application, received, *, what, by):
    """Store an examined file with a draft; returns (attachment, created).

    The same file again is the one that is there. Raises as `to_attach`, and Unfit where there is
    no room for it.
    """
    application = to_attach(application, by, what)
    kept = application.attachments.kept()
    same = kept.filter(upload__sha256=received.sha256).first()
    if same:
        return same, False
    upload = store(received, municipality=application.municipality, by=by, bundle=bundle(kept))
    attachment = Attachment.objects.create(application=application, upload=upload, what=what)
    how = "followed" if application.state in UNDER_WAY else "added"
    record(f"attachment.{how}", application, by=by, note=trace(upload))
    return attachment, True


def trace(upload):
    """For the audit log, which the staff read before a draft is theirs: what file, not its name."""
    return f"{upload.kind}, {upload.sha256}"


def bundle(attachments):
    """The files of an application that share one limit."""
    return Upload.objects.filter(attachments__in=attachments)


@transaction.atomic
def remove(attachment, *, by):
    """Put an attachment of a draft into the bin; returns whether this call did it."""
    application = to_attach(attachment.application, by)
    kept = application.attachments.kept().filter(pk=attachment.pk)
    changed = kept.update(removed_at=Now(), removed_by=by)
    if changed:
        record("attachment.removed", application, by=by, note=trace(attachment.upload))
    return bool(changed)


@transaction.atomic
def put_back(attachment, *, by):
    """Take an attachment out of the bin; returns whether this call did it.

    Raises as `to_attach`, and Refused where the others leave no room for it.
    """
    application = to_attach(attachment.application, by)
    removed = application.attachments.removed().filter(pk=attachment.pk)
    changed = removed.update(removed_at=None, removed_by=None)
    if changed:
        if used(bundle(application.attachments.kept())) > settings.UPLOAD_BUNDLE_BYTES:
            raise Refused(why_refused("bundle_full"))
        record("attachment.put_back", application, by=by, note=trace(attachment.upload))
    return bool(changed)


@transaction.atomic
def purge():
    """Delete what has lain in the bin for its time, and write down what; returns how many.

    The files themselves go when nothing else refers to them (`documents.storing.sweep`).
    """
    over = Attachment.objects.to_purge().select_for_update(of=("self",), skip_locked=True)
    rows = list(over.select_related("application", "upload"))
    for attachment in rows:
        record("attachment.purged", attachment.application, by=None, note=trace(attachment.upload))
        attachment.delete()
    return len(rows)
