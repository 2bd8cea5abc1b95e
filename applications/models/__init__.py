from applications.models.announcements import Announcement
from applications.models.applications import REQUIRED, TEXTS, WRITTEN, Application
from applications.models.attachments import Attachment
from applications.models.call_parts import CallDate, CallDocument, CallQuestion, Contact
from applications.models.calls import SECTIONS, Call
from applications.models.deadlines import DeadlineMove
from applications.models.participations import Participation
from applications.models.projects import Project, ProjectBody
from applications.models.reviews import Review
from applications.models.selections import Selection

__all__ = [
    "REQUIRED",
    "SECTIONS",
    "TEXTS",
    "WRITTEN",
    "Announcement",
    "Application",
    "Attachment",
    "Call",
    "CallDate",
    "CallDocument",
    "CallQuestion",
    "Contact",
    "DeadlineMove",
    "Participation",
    "Project",
    "ProjectBody",
    "Review",
    "Selection",
]
