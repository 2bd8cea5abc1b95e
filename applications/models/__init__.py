from applications.models.attachments import Attachment
from applications.models.calls import (
    REQUIRED,
    TEXTS,
    WRITTEN,
    Application,
    Call,
    Project,
    Review,
    Selection,
)
from applications.models.participations import Participation

__all__ = [
    "REQUIRED",
    "TEXTS",
    "WRITTEN",
    "Application",
    "Attachment",
    "Call",
    "Participation",
    "Project",
    "Review",
    "Selection",
]
