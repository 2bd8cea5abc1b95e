from applications.models.applications import REQUIRED, TEXTS, WRITTEN, Application
from applications.models.attachments import Attachment
from applications.models.calls import Call
from applications.models.participations import Participation
from applications.models.projects import Project
from applications.models.reviews import Review
from applications.models.selections import Selection

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
