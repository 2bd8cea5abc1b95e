"""Who may open what of working groups: groups, members, meetings, notes, tasks."""

from functools import partial

from tests.matrix.words import (
    EXPERT,
    OWN,
    READERS,
    REST,
    SIGNED_IN,
    STAFF,
    WRITERS,
    admin,
    get,
    post,
)

NAMED = {"said_of_notes"}
LOOKERS = f"{EXPERT} {STAFF}"
MANAGING = partial(get, ok="coordinator", forbidden=f"{REST} {LOOKERS}")
MEMBERS = partial(get, ok="coordinator lead", forbidden=f"{REST} {EXPERT} reviewer")
WRITING = partial(get, ok=WRITERS, forbidden=f"reader {LOOKERS}")
LOCKED = partial(get, forbidden=READERS)
READING = partial(get, ok=READERS)
OWN_ONLY = partial(get, ok=OWN, forbidden=LOOKERS)

FOUND = "workinggroups:found"
GROUP = {"name": "Group", "founded_on": "2026-11-01"}
DELEGATION = GROUP | {
    "appointing_body": "Municipal board", "term_since": "2026-01-01", "term_until": "2028-12-31",
}  # fmt: skip
MEMBER = {"name": "Somebody", "role": "member", "since": "2026-11-01", "language": "fi"}
MEETING = {"day": "2036-11-03", "starts": "9", "ends": "11", "place": "Hall", "language": "fi"}
TEXTS = {"read": 0, "agenda": "One.", "notes": "Two."}
COMMENT = {"text": "Look.", "key": "k"}
TASK = {"title": "Ask.", "due_on": "2036-11-03"}  # and no owner: the form says so
TEXT, SAID = "workinggroups:meeting_text", "workinggroups:meeting_text_comment_move"

ROWS = [
    get("workinggroups:list", ok=SIGNED_IN),
    MANAGING(FOUND, "participation", "working-group"),
    MANAGING(FOUND, "participation", "working-group", method="post", data=GROUP),
    MANAGING(FOUND, "participation", "delegation", method="post", data=DELEGATION),
    get(FOUND, "participation", "party"),
    get(FOUND, "past_participation", "working-group", forbidden=READERS),
    READING("workinggroups:detail", "group"),
    READING("workinggroups:detail", "delegation"),
    MANAGING("workinggroups:edit", "group"),
    MANAGING("workinggroups:edit", "group", method="post", data=GROUP),
    MEMBERS("workinggroups:member_add", "group"),
    MEMBERS("workinggroups:member_add", "group", method="post", data=MEMBER),
    MEMBERS("workinggroups:member_edit", "group_member"),
    MEMBERS("workinggroups:member_edit", "group_member", method="post", data=MEMBER),
]  # fmt: skip
ROWS += [  # meetings
    READING("workinggroups:meetings", "group"),
    WRITING("workinggroups:meeting_add", "group"),
    WRITING("workinggroups:meeting_add", "group", method="post", data=MEETING),
    READING("workinggroups:meeting", "meeting"),
    READING("workinggroups:meeting", "approved_meeting"),
    READING("workinggroups:calendar", "meeting"),
    WRITING("workinggroups:details", "meeting"),
    WRITING("workinggroups:details", "meeting", method="post", data=MEETING),
    LOCKED("workinggroups:details", "approved_meeting"),
    LOCKED("workinggroups:details", "approved_meeting", method="post", data=MEETING),
    WRITING("workinggroups:attendance", "held_meeting"),
    WRITING("workinggroups:attendance", "held_meeting", method="post"),
    LOCKED("workinggroups:attendance", "approved_meeting"),
    LOCKED("workinggroups:attendance", "approved_meeting", method="post"),
    WRITING("workinggroups:call", "meeting"),
    WRITING("workinggroups:call", "meeting", method="post"),
    LOCKED("workinggroups:call", "approved_meeting", method="post"),
]
CONFIRM, MOVE = "workinggroups:confirm", "workinggroups:move"
ROWS += [  # notes
    WRITING(CONFIRM, "held_meeting", "remarks"),
    MANAGING(CONFIRM, "in_remarks", "approved"),
    LOCKED(CONFIRM, "approved_meeting", "approved"),
    get(CONFIRM, "held_meeting", "draft"),
    WRITING(MOVE, "held_meeting", "remarks", method="post"),
    WRITING(MOVE, "in_remarks", "draft", method="post"),
    MANAGING(MOVE, "in_remarks", "approved", method="post"),
    # What is done already is said to whoever sees the row; what cannot follow, too.
    READING(MOVE, "approved_meeting", "approved", method="post"),
    READING(MOVE, "approved_meeting", "draft", method="post"),
    WRITING("workinggroups:decision_add", "held_meeting"),
    WRITING("workinggroups:decision_add", "held_meeting", method="post", data={"text": "Yes."}),
    LOCKED("workinggroups:decision_add", "approved_meeting", method="post", data={"text": "Yes."}),
    WRITING("workinggroups:decision_edit", "decision"),
    WRITING("workinggroups:decision_edit", "decision", method="post", data={"text": "No."}),
    LOCKED("workinggroups:decision_edit", "locked_decision", method="post", data={"text": "No."}),
    WRITING("workinggroups:decision_remove", "decision", method="post"),
    LOCKED("workinggroups:decision_remove", "locked_decision", method="post"),
    READING("workinggroups:files", "approved_meeting"),
    get("workinggroups:files", "held_meeting"),
    READING("workinggroups:download", "meeting_with_files", "fi"),
    get("workinggroups:download", "held_meeting", "fi"),
    get("workinggroups:remake", "approved_meeting", "fi", method="post", ok="coordinator lead",
        forbidden=f"{REST} {EXPERT} reviewer"),
]  # fmt: skip
ROWS += [  # the desk of agenda and notes
    WRITING("workinggroups:meeting_edit", "held_meeting"),
    WRITING("workinggroups:meeting_edit", "held_meeting", method="post", data=TEXTS),
    LOCKED("workinggroups:meeting_edit", "approved_meeting"),
    LOCKED("workinggroups:meeting_edit", "approved_meeting", method="post", data=TEXTS),
    OWN_ONLY(TEXT, "held_meeting", "notes"),
    OWN_ONLY(TEXT, "approved_meeting", "notes"),
    get(TEXT, "held_meeting", "place"),  # not one of the long texts
    OWN_ONLY("workinggroups:meeting_text_history", "held_meeting", "notes"),
    WRITING("workinggroups:meeting_text_restore", "written_meeting", "notes", 0, method="post",
            data={"read": 1}),
    LOCKED("workinggroups:meeting_text_restore", "approved_meeting", "notes", 0, method="post",
           data={"read": 0}),
    WRITING("workinggroups:meeting_text_comment", "held_meeting", "notes", method="post",
            data=COMMENT),
    LOCKED("workinggroups:meeting_text_comment", "approved_meeting", "notes", method="post",
           data=COMMENT),
    WRITING(SAID, "held_meeting", "notes", "said_of_notes", "done", method="post"),
    post(SAID, "held_meeting", "notes", "said_of_notes", "withdrawn", ok="member",
         forbidden=f"coordinator partner reader {LOOKERS}"),
    MANAGING(SAID, "held_meeting", "notes", "said_of_notes", "hidden", method="post"),
]  # fmt: skip
MARK = "workinggroups:task_mark"
ROWS += [  # tasks
    READING("workinggroups:tasks", "group"),
    WRITING("workinggroups:task_add", "group"),
    WRITING("workinggroups:task_add", "group", method="post", data=TASK),
    WRITING("workinggroups:meeting_task_add", "held_meeting"),
    WRITING("workinggroups:meeting_task_add", "held_meeting", method="post", data=TASK),
    LOCKED("workinggroups:meeting_task_add", "approved_meeting", method="post", data=TASK),
    WRITING("workinggroups:task_edit", "task"),
    WRITING("workinggroups:task_edit", "task", method="post", data=TASK),
    LOCKED("workinggroups:task_edit", "locked_task"),
    LOCKED("workinggroups:task_edit", "locked_task", method="post", data=TASK),
    WRITING(MARK, "task", "done", method="post"),
    WRITING(MARK, "task", "not-done", method="post"),
    WRITING(MARK, "locked_task", "done", method="post"),
    get(MARK, "task", "later", method="post"),
    *admin("workinggroups_partykind", "party_kind", see=STAFF, add="lead"),
]
