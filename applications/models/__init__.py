from applications.models.applications import REQUIRED, TEXTS, WRITTEN, Application
from applications.models.attachments import Attachment
from applications.models.calls import Call
from applications.models.completions import ATTACHMENTS, Completion
from applications.models.criteria import Criterion
from applications.models.declarations import Declaration
from applications.models.participations import Participation
from applications.models.projects import Project
from applications.models.reviews import UNDER_WAY, Mark, Review
from applications.models.selections import Selection

__all__ = [
    "ATTACHMENTS",
    "REQUIRED",
    "TEXTS",
    "UNDER_WAY",
    "WRITTEN",
    "Application",
    "Attachment",
    "Call",
    "Completion",
    "Criterion",
    "Declaration",
    "Mark",
    "Participation",
    "Project",
    "Review",
    "Selection",
]
