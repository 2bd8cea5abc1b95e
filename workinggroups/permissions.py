from applications.models import Participation
from applications.permissions import hats, is_coordinator


def can_found(user, participation):
    """A coordinator founds the groups of a municipality that takes part."""
    return participation.state == Participation.State.ACTIVE and is_coordinator(user, participation)


def can_manage(user, row):
    """The group itself is its coordinators' to change."""
    return is_coordinator(user, row)


def can_manage_members(user, group):
    """Who belongs to it is its coordinators' and, as with all people, the leads' to change."""
    return "lead" in user.staff_groups or is_coordinator(user, group)


def can_write(user, row):
    """Meetings, notes and tasks, while the notes are not approved; `row` is a group or one of it.

    Also after the project has ended: the municipality keeps its work, and writes on.
    """
    return hats(user, row).editing().exists()


def can_change(user, meeting):
    return not meeting.is_approved and can_write(user, meeting)


def can_discuss(user, meeting):
    """What is said about notes is the municipality's own."""
    return hats(user, meeting).exists()


def can_read_notes(user, meeting):
    """Notes, attendance and decisions: until they are approved, the municipality's people alone."""
    return meeting.is_approved or hats(user, meeting).exists()


def can_approve(user, meeting):
    """A coordinator, or the meeting's chairperson or secretary, as somebody of the municipality."""
    leading = {m.user_id for m in (meeting.chair, meeting.secretary) if m}
    own = hats(user, meeting)
    return own.coordinating().exists() or (user.pk in leading and own.exists())


def can_remake(user, meeting):
    """A file that failed can be asked for again by the coordinators, and by leads."""
    return "lead" in user.staff_groups or is_coordinator(user, meeting)


def can_change_task(user, task):
    return not task.is_locked and can_write(user, task)


def can_finish(user, task):
    """Mark as done or not: whoever writes here, and whose task it is, also as a reader."""
    own = hats(user, task)
    return own.editing().exists() or (task.owner.user_id == user.pk and own.exists())
