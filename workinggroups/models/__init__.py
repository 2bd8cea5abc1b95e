from workinggroups.models.groups import GroupMember, WorkingGroup
from workinggroups.models.meetings import Decision, Meeting, NotesFile, Task
from workinggroups.models.parties import LegalBasis, PartyKind

__all__ = [
    "Decision",
    "GroupMember",
    "LegalBasis",
    "Meeting",
    "NotesFile",
    "PartyKind",
    "Task",
    "WorkingGroup",
]
