from django.http import FileResponse, Http404


def serve(document):
    """Send a stored file. The caller found the row it belongs to by `visible_to`."""
    if document is None or not document.is_ready:
        raise Http404
    response = FileResponse(document.file.open(), as_attachment=True, filename=document.name)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
