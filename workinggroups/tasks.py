from celery import shared_task
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from documents.making import make
from workinggroups.models import Meeting, NotesFile
from workinggroups.permissions import can_read_notes
from workinggroups.workflow.members import link_accounts


@shared_task(acks_late=True, reject_on_worker_lost=True)  # safe to repeat: the claim is the fence
def produce_notes(document_id):
    """Make the approved notes of a meeting in one language's frame."""
    make(document_id, page, may=may_read)


def may_read(user, document):
    meetings = Meeting.objects.visible_to(user).filter(files__document=document)
    return any(can_read_notes(user, meeting) for meeting in meetings)


def page(document):
    """The notes' own words stay as they were written; what stands around them is translated."""
    files = NotesFile.objects.select_related("meeting__chair", "meeting__secretary")
    file = files.get(document=document)
    meeting = Meeting.objects.with_town().get(pk=file.meeting_id)
    with translation.override(file.language):
        context = {
            "meeting": meeting,
            "group": meeting.group,
            "project": meeting.group.participation.project,
            "attendees": meeting.attendees.order_by("pk"),
            "decisions": meeting.decisions.numbered(),
            "tasks": meeting.tasks.with_owner(),
            "site_url": settings.SITE_URL,
            "printed_on": timezone.localdate(),
        }
        html = render_to_string("workinggroups/notes.html", context)
        name = slugify(f"{meeting.municipality.name} {_('notes')} {meeting.number}")
        return html, f"{name}-{file.language}.pdf"


@shared_task(ignore_result=True)
def link_members():
    """Twice at once, or again: nothing more happens."""
    link_accounts()
