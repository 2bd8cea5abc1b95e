from applications.models.announcements import Announcement
from applications.models.applications import OPTIONAL, REQUIRED, STEPS, TEXTS, WRITTEN, Application
from applications.models.attachments import Attachment
from applications.models.call_parts import CallDate, CallDocument, CallQuestion, Contact
from applications.models.calls import SECTIONS, Call
from applications.models.completions import ATTACHMENTS, Completion
from applications.models.criteria import Criterion
from applications.models.deadlines import DeadlineMove
from applications.models.declarations import Declaration
from applications.models.letters import Letter, LetterText
from applications.models.participations import Participation
from applications.models.partners import Partner
from applications.models.projects import Project, ProjectBody
from applications.models.requirements import Requirement
from applications.models.reviews import UNDER_WAY, Mark, Review
from applications.models.selections import Selection, SelectionLine

__all__ = [
    "ATTACHMENTS",
    "OPTIONAL",
    "REQUIRED",
    "SECTIONS",
    "STEPS",
    "TEXTS",
    "UNDER_WAY",
    "WRITTEN",
    "Announcement",
    "Application",
    "Attachment",
    "Call",
    "CallDate",
    "CallDocument",
    "CallQuestion",
    "Completion",
    "Contact",
    "Criterion",
    "DeadlineMove",
    "Declaration",
    "Letter",
    "LetterText",
    "Mark",
    "Participation",
    "Partner",
    "Project",
    "ProjectBody",
    "Requirement",
    "Review",
    "Selection",
    "SelectionLine",
]
