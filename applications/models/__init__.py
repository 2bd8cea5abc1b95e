from applications.models.attachments import Attachment
from applications.models.calls import (
    REQUIRED,
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
    "WRITTEN",
    "Application",
    "Attachment",
    "Call",
    "Participation",
    "Project",
    "Review",
    "Selection",
]
