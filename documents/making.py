import logging

from documents import rendering, workflow
from documents.models import Document
from documents.receiving import FULL

logger = logging.getLogger(__name__)


def make(document_id, build, *, may):
    """Claim a document, build its page, render and store it. Only tasks call this.

    build: document to (HTML, file name); it may call `workflow.beat(document, percent)`.
    may: rule(user, document), whether who asked may still read it; asked before the work and
    after it, for a right can be lost meanwhile.
    Twice at once, or again when made: nothing happens, because the claim fails.
    """
    document = workflow.claim(document_id)
    if document is None:
        return
    try:
        if not allowed(document, may):
            return workflow.deny(document)
        html, name = build(document)
        workflow.beat(document, 40)
        pdf = rendering.to_pdf(html, beat=lambda: workflow.beat(document))
        if not allowed(document, may):
            return workflow.deny(document)
        workflow.finish(document, pdf, name)
    except rendering.RenderingFailed as why:
        logger.warning("document %s failed: %s", document.pk, why)
        workflow.fail(document, str(why))
    except OSError as error:
        workflow.give_back(document, "no_room" if error.errno in FULL else f"error: {error}")
        raise
    except Exception as error:
        workflow.give_back(document, f"error: {type(error).__name__}")
        raise


def allowed(document, may):
    """Whether the person who asked may have it now; what nobody asked for is the portal's own."""
    asker = Document.objects.select_related("asked_by").get(pk=document.pk).asked_by
    return asker is None or (asker.is_active and may(asker, document))
