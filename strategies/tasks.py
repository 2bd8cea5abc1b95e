from celery import shared_task
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from documents.making import make
from documents.workflow import beat
from strategies.models import Strategy, StrategyFile


@shared_task(acks_late=True, reject_on_worker_lost=True)  # safe to repeat: the claim is the fence
def produce_strategy(document_id):
    """Make the file of a frozen strategy, its frame in one language."""
    make(document_id, page, may=may_read)


def may_read(user, document):
    return Strategy.objects.visible_to(user).filter(versions__files__document=document).exists()


def page(document):
    """Only what is frozen is printed: whatever has changed since is another version's."""
    rows = StrategyFile.objects.select_related(
        "version__strategy__participation__municipality",
        "version__strategy__participation__project",
    )
    row = rows.get(document=document)
    strategy = row.version.strategy
    beat(document, 10)
    with translation.override(row.language):
        context = {
            "content": row.version.content,
            "version": row.version,
            "project": strategy.participation.project,
            "is_demo": strategy.municipality.is_demo,
        }
        html = render_to_string("strategies/document.html", context)
        return html, f"{slugify(strategy.municipality.name)}-{_('strategy')}-{row.language}.pdf"
