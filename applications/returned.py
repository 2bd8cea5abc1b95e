"""What was submitted of an application that is being completed: what the staff read meanwhile."""

from applications.models import ATTACHMENTS, Application, Completion
from drafting.models import Revision


def as_submitted(applications):
    """Give returned applications their submitted texts back, on these rows alone; returns them.

    What their people write meanwhile is theirs until they submit it. Two queries, however many are
    returned; none where none is.
    """
    returned = {row.pk: row for row in applications if row.state == Application.State.RETURNED}
    asked = Completion.objects.open().filter(application__in=returned)
    completions = {one.application_id: one for one in asked} if returned else {}
    rows = [returned[key] for key in completions]
    for revision in Revision.objects.beside(rows).order_by("version") if rows else []:
        completion = completions[revision.row_pk]
        if revision.version <= completion.version:
            set_back(returned[revision.row_pk], revision.values, completion.fields)
    return applications


def set_back(application, values, names):
    for name in values.keys() & set(names):
        field = Application._meta.get_field(name)
        setattr(application, name, field.to_python(values[name]))


def attachments_submitted(application, completion):
    """Its attachments, without what was added to complete it and is not submitted yet."""
    rows = application.attachments.kept().select_related("upload")
    is_open = completion is not None and application.state == Application.State.RETURNED
    if not is_open or ATTACHMENTS not in completion.fields:
        return rows
    return rows.exclude(pk__in=added_since(application, completion))


def added_since(application, completion):
    """What was attached to complete an application; what may follow anyway is not among it."""
    may_follow = application.call.requirements.filter(follows_until__gt=completion.asked_at)
    rows = application.attachments.kept().filter(upload__at__gt=completion.asked_at)
    return rows.exclude(what__in=may_follow.values("what"))


def removed_since(application, completion):
    """What was submitted and then removed to complete an application."""
    rows = application.attachments.filter(removed_at__gt=completion.asked_at)
    return rows.filter(upload__at__lte=completion.asked_at)
