from applications.forms.applications import ApplicationForm
from applications.forms.attachments import AttachmentForm
from applications.forms.calls import StartForm
from applications.forms.letters import LetterTextForm
from applications.forms.participations import EndForm
from applications.forms.reviews import ReviewForm
from applications.forms.selections import LineForm, ProposalForm

__all__ = [
    "ApplicationForm",
    "AttachmentForm",
    "EndForm",
    "LetterTextForm",
    "LineForm",
    "ProposalForm",
    "ReviewForm",
    "StartForm",
]
