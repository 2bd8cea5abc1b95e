from celery import shared_task
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from documents.making import make
from documents.workflow import beat
from visits.assembling import report_of
from visits.models import Visit, VisitReport


@shared_task(acks_late=True, reject_on_worker_lost=True)  # safe to repeat: the claim is the fence
def produce_report(document_id):
    """Make one language's report of a visit."""
    make(document_id, page, may=may_read)


def may_read(user, document):
    return Visit.objects.visible_to(user).filter(reports__document=document).exists()


def page(document):
    rows = VisitReport.objects.select_related(
        "visit__participation__municipality", "visit__participation__project"
    )
    row = rows.get(document=document)
    visit = row.visit
    beat(document, 10)
    with translation.override(row.language):
        context = {
            "visit": visit,
            "report": report_of(visit, row.language),
            "site_url": settings.SITE_URL,
            "printed_on": timezone.localdate(),
        }
        html = render_to_string("visits/report.html", context)
        kind = _("visit-report")
        return html, f"{slugify(visit.municipality.name)}-{kind}-{row.language}.pdf"
