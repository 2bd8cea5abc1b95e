from celery import shared_task
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from documents.making import make
from documents.workflow import beat
from indexanalysis.assembling import report_of
from indexanalysis.models import Assessment, IndexReport


@shared_task(acks_late=True, reject_on_worker_lost=True)  # safe to repeat: the claim is the fence
def produce_report(document_id):
    """Make one language's index report of a submitted assessment."""
    make(document_id, page, may=may_read)


def may_read(user, document):
    return Assessment.objects.visible_to(user).filter(reports__document=document).exists()


def page(document):
    rows = IndexReport.objects.select_related(
        "assessment__participation__municipality", "assessment__round__project"
    )
    row = rows.get(document=document)
    assessment, town = row.assessment, row.assessment.participation.municipality
    beat(document, 10)
    with translation.override(row.language):
        context = {
            "assessment": assessment,
            "project": assessment.round.project,
            "report": report_of(assessment, row.language),
            "site_url": settings.SITE_URL,
            "printed_on": timezone.localdate(),
        }
        html = render_to_string("indexanalysis/report.html", context)
        kind = _("index-report")  # here, for a name in the braces would not be found to translate
        return html, f"{slugify(town.name)}-{kind}-{row.language}.pdf"
