from celery import shared_task
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from applications.models import Application, Letter
from applications.returned import as_submitted
from applications.steps import sheet
from applications.workflow import attachments as attaching
from applications.workflow import emptying, places, reminders, unsent
from documents.making import make


@shared_task(acks_late=True, reject_on_worker_lost=True)  # safe to repeat: the claim is the fence
def produce_receipt(document_id):
    """Make the receipt of a submission, in the submitter's language."""
    make(document_id, receipt, may=may_read)


def may_read(user, document):
    return Application.objects.readable_by(user).filter(receipt=document).exists()


def receipt(document):
    application = Application.objects.select_related(
        "municipality__region", "call__project", "receipt__asked_by"
    ).get(receipt=document)
    as_submitted([application])
    with translation.override(document.asked_by.language):
        context = sheet(application) | {"bodies": application.call.project.bodies_by_role()}
        html = render_to_string("applications/receipt.html", context)
        return html, f"{slugify(application.municipality.name)}-{_('receipt')}.pdf"


@shared_task(acks_late=True, reject_on_worker_lost=True)  # safe to repeat: the claim is the fence
def produce_letter(document_id):
    """Make the file of a letter, of its row alone: later texts change nothing in it."""
    make(document_id, letter_page, may=may_read_letter)


def may_read_letter(user, document):
    return Letter.objects.visible_to(user).filter(document=document).exists()


def letter_page(document):
    letter = Letter.objects.select_related(
        "application__municipality", "application__call__project"
    ).get(document=document)
    application = letter.application
    with translation.override(letter.language):
        context = {"letter": letter, "application": application, "call": application.call}
        html = render_to_string("applications/letter.html", context)
        kind = _("decision-letter")
        return html, f"{slugify(application.municipality.name)}-{kind}-{letter.language}.pdf"


@shared_task(ignore_result=True)
def lapse_places():
    """Twice at once, or again: nothing more happens."""
    places.lapse()


@shared_task(ignore_result=True)
def purge_attachments():
    """Twice at once, or again: nothing more happens."""
    attaching.purge()


@shared_task(ignore_result=True)
def remind_of_drafts():
    """Run again, nobody is told twice."""
    unsent.remind()


@shared_task(ignore_result=True)
def empty_withdrawn():
    """Twice at once, or again: nothing more happens."""
    emptying.empty()


@shared_task(ignore_result=True)
def remind_reviewers():
    """Twice at once, or again: nobody gets the same reminder twice."""
    reminders.remind_of_dates()
