"""What input is accepted from a person, by noun."""

from applications.forms.applications import STEP_FORMS, ApplicationForm, StartForm
from applications.forms.attachments import AttachmentForm
from applications.forms.partners import AskForm, PickForm
from applications.forms.reviews import ReviewForm
from applications.forms.selections import SelectionForm

__all__ = [
    "STEP_FORMS",
    "ApplicationForm",
    "AskForm",
    "AttachmentForm",
    "PickForm",
    "ReviewForm",
    "SelectionForm",
    "StartForm",
]
