from applications.models.applications import REQUIRED, TEXTS, WRITTEN, Application
from applications.models.attachments import Attachment
from applications.models.calls import Call
from applications.models.letters import Letter, LetterText
from applications.models.participations import Participation
from applications.models.projects import Project
from applications.models.reviews import Review
from applications.models.selections import Selection, SelectionLine

__all__ = [
    "REQUIRED",
    "TEXTS",
    "WRITTEN",
    "Application",
    "Attachment",
    "Call",
    "Letter",
    "LetterText",
    "Participation",
    "Project",
    "Review",
    "Selection",
    "SelectionLine",
]
