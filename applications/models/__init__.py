from applications.models.announcements import Announcement
from applications.models.applications import OPTIONAL, REQUIRED, STEPS, TEXTS, WRITTEN, Application
from applications.models.attachments import Attachment
from applications.models.call_parts import CallDate, CallDocument, CallQuestion, Contact
from applications.models.calls import SECTIONS, Call
from applications.models.deadlines import DeadlineMove
from applications.models.participations import Participation
from applications.models.partners import Partner
from applications.models.projects import Project, ProjectBody
from applications.models.requirements import Requirement
from applications.models.reviews import Review
from applications.models.selections import Selection

__all__ = [
    "OPTIONAL",
    "REQUIRED",
    "SECTIONS",
    "STEPS",
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
    "Partner",
    "Project",
    "ProjectBody",
    "Requirement",
    "Review",
    "Selection",
]
