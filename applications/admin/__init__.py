"""The staff's pages, by noun; Django's admin finds them by this import."""

from applications.admin.applications import ApplicationAdmin
from applications.admin.calls import CallAdmin, ProjectAdmin
from applications.admin.letters import LetterTextAdmin
from applications.admin.participations import ParticipationAdmin

__all__ = ["ApplicationAdmin", "CallAdmin", "LetterTextAdmin", "ParticipationAdmin", "ProjectAdmin"]
