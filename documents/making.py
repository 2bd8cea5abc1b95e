import logging

from documents import rendering, workflow

logger = logging.getLogger(__name__)


def make(document_id, build):
    """Claim a document, build its page, render and store it. Only tasks call this.

    build: document to (HTML, file name); it may call `workflow.beat(document, percent)`.
    Twice at once, or again when made: nothing happens, because the claim fails.
    """
    document = workflow.claim(document_id)
    if document is None:
        return
    try:
        html, name = build(document)
        workflow.beat(document, 40)
        pdf = rendering.to_pdf(html, beat=lambda: workflow.beat(document))
    except rendering.RenderingFailed as why:
        logger.warning("document %s failed: %s", document.pk, why)
        workflow.fail(document, str(why))
    except Exception as error:
        workflow.fail(document, f"error: {type(error).__name__}")
        raise
    else:
        workflow.finish(document, pdf, name)
