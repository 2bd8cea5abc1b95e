import logging

from django.http import FileResponse, Http404

logger = logging.getLogger(__name__)


def serve(document):
    """Send a made file. The caller found the row it belongs to by `visible_to`."""
    if document is None or not document.is_ready:
        raise Http404
    return sent(document.file, document.name)


def serve_upload(upload):
    """Send an uploaded file. The caller found the row that refers to it by `visible_to`."""
    return sent(upload.file, upload.name)


def sent(file, name):
    """The file as a download: never shown in the portal's pages, kept in no cache."""
    try:
        content = file.open()
    except FileNotFoundError:
        logger.error("the stored file %s is missing", file.name)
        raise Http404 from None
    response = FileResponse(content, as_attachment=True, filename=name)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
