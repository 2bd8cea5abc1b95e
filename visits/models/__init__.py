from visits.models.findings import Finding, Observation
from visits.models.notes import Note
from visits.models.visits import PersonMet, ProgrammeItem, Visit, VisitReport

__all__ = ["Finding", "Note", "Observation", "PersonMet", "ProgrammeItem", "Visit", "VisitReport"]
