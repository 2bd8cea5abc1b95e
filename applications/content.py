"""What an application says, as plain values: what its checksum is made of.

Anybody who has the text that `documents.frozen.canonical` makes of it can compute the checksum with
`sha256sum`; the application's page offers the text once the application is submitted.
"""

from datetime import UTC, date

from applications.models import WRITTEN

FORMAT = 1


def content_of(application):
    """Return what `application` said when it was submitted last: without what followed later."""
    return {
        "format": FORMAT,
        "number": application.pk,
        "call": application.call.slug,
        "municipality": coded(application.municipality),
        "partners": [coded(row.municipality) for row in confirmed(application)],
        "submitted_at": application.submitted_at.astimezone(UTC).isoformat(),
        "fields": {name: plain(getattr(application, name)) for name in WRITTEN},
        "attachments": [
            {"what": row.what, "name": row.upload.name, "sha256": row.upload.sha256}
            for row in submitted(application)
        ],
    }


def confirmed(application):
    return application.partners.confirmed().select_related("municipality")


def submitted(application):
    """The attachments that were there when the application was submitted, again or at first."""
    answered = application.completions.filter(answered_at__isnull=False)
    moments = [application.submitted_at, *answered.values_list("answered_at", flat=True)]
    return application.attachments.there_at(max(moments)).select_related("upload")


def coded(municipality):
    return {"code": municipality.code, "name": municipality.name_fi}


def plain(value):
    return value.isoformat() if isinstance(value, date) else value
