from applications.models.applications import (
    OPTIONAL,
    REQUIRED,
    STEPS,
    TEXTS,
    WRITTEN,
    Application,
)
from applications.models.attachments import Attachment
from applications.models.calls import Call
from applications.models.participations import Participation
from applications.models.partners import Partner
from applications.models.projects import Project
from applications.models.requirements import Requirement
from applications.models.reviews import Review
from applications.models.selections import Selection

__all__ = [
    "OPTIONAL",
    "REQUIRED",
    "STEPS",
    "TEXTS",
    "WRITTEN",
    "Application",
    "Attachment",
    "Call",
    "Participation",
    "Partner",
    "Project",
    "Requirement",
    "Review",
    "Selection",
]
