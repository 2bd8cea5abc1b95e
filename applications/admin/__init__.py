"""The staff's pages, by noun; Django's admin finds them by this import."""

from applications.admin.announcements import AnnouncementAdmin
from applications.admin.applications import ApplicationAdmin
from applications.admin.calls import CallAdmin
from applications.admin.declarations import DeclarationAdmin
from applications.admin.letters import LetterTextAdmin
from applications.admin.participations import ParticipationAdmin
from applications.admin.projects import ProjectAdmin

__all__ = [
    "AnnouncementAdmin",
    "ApplicationAdmin",
    "CallAdmin",
    "DeclarationAdmin",
    "LetterTextAdmin",
    "ParticipationAdmin",
    "ProjectAdmin",
]
