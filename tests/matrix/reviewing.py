"""Who may open and do what in the review of applications."""

from functools import partial

from tests.matrix.words import NOT_STAFF, OWN, REST, STAFF, WRITERS, admin, get, post

APPLICATION, CALL = "admin:applications_application_", "admin:applications_call_"
DECLARATION = "admin:applications_declaration"
RETURN = {"fields_asked": "motivation", "reason": "Why.", "due_on": "2099-01-01"}
IN = f"{STAFF} superuser"
staff = partial(NOT_STAFF, ok=STAFF, hidden="superuser")
leads = partial(NOT_STAFF, ok="lead", forbidden="reviewer superuser")
gone = partial(NOT_STAFF, hidden=IN)  # where the person has a conflict of interest
LIST = "applications:attachments"
EDIT, TEXT_RESTORE = "applications:edit", "applications:text_restore"

ROWS = [
    NOT_STAFF(APPLICATION + "queue", ok=STAFF, forbidden="superuser"),
    # Before somebody has declared, a page leads them there first, and nothing else opens.
    staff(APPLICATION + "declare", "in_review"),
    staff(APPLICATION + "declare", "in_review", method="post", data={"conflict": "no"}),
    NOT_STAFF(APPLICATION + "change", "in_review", ok=STAFF, forbidden="superuser"),
    NOT_STAFF(APPLICATION + "review", "in_review", method="post", forbidden=STAFF,
              hidden="superuser"),
    NOT_STAFF(APPLICATION + "return", "in_review", forbidden=STAFF, hidden="superuser"),
    NOT_STAFF(APPLICATION + "return", "in_review", method="post", data=RETURN, forbidden=STAFF,
              hidden="superuser"),
    # Once they have: who was given it scores it, and a lead or its reviewer returns it.
    *admin("applications_application", "cleared", see=STAFF, past="superuser"),
    staff(APPLICATION + "declare", "cleared"),
    NOT_STAFF(APPLICATION + "review", "cleared", method="post", data={"read": 0}, ok="reviewer",
              forbidden="lead", hidden="superuser"),
    staff(APPLICATION + "return", "cleared"),
    staff(APPLICATION + "return", "cleared", method="post", data=RETURN),
    NOT_STAFF(APPLICATION + "take_back", "overdue", method="post", ok="lead",
              forbidden="reviewer", hidden="superuser"),
    get("applications:receipt", "cleared"),  # there is no file
    get(LIST, "cleared", ok=f"{OWN} {STAFF}"),
    # With a conflict of interest the application is not there.
    *admin("applications_application", "in_conflict", see=STAFF, past=IN, away=STAFF),
    gone(APPLICATION + "declare", "in_conflict"),
    gone(APPLICATION + "declare", "in_conflict", method="post", data={"conflict": "no"}),
    gone(APPLICATION + "review", "in_conflict", method="post", data={"read": 0}),
    gone(APPLICATION + "return", "in_conflict"),
    gone(APPLICATION + "take_back", "in_conflict", method="post"),
    get("applications:detail", "in_conflict", ok=OWN),
    get(LIST, "in_conflict", ok=OWN),
    # A call's reviews are given out by leads.
    leads(CALL + "assign", "call_under_review"),
    leads(CALL + "assign", "call_under_review", method="post"),
    leads(CALL + "remind", "call_under_review", method="post"),
    NOT_STAFF(CALL + "declare", "call_under_review", ok=STAFF, forbidden="superuser"),
    NOT_STAFF(CALL + "declare", "call_under_review", method="post", ok=STAFF,
              forbidden="superuser"),
    # Declarations
    *admin("applications_declaration", "mistaken", see=STAFF, away="reviewer",
           past="reviewer superuser"),
    NOT_STAFF(DECLARATION + "_lift", "mistaken", ok="lead", hidden="reviewer superuser"),
    NOT_STAFF(DECLARATION + "_lift", "mistaken", method="post", data={"reason": "Why."}, ok="lead",
              hidden="reviewer superuser"),
    # Returned to the municipality: only what was asked is open, and only in time.
    get("applications:detail", "returned", ok=f"{OWN} {STAFF}"),
    get(EDIT, "returned", "motivation", ok=WRITERS, forbidden=f"reader {STAFF}"),
    post(EDIT, "returned", "motivation", data={"read": 0}, ok=WRITERS,
         forbidden=f"reader {STAFF}"),
    get(EDIT, "overdue", "motivation", forbidden=f"{OWN} {STAFF}"),
    post(EDIT, "overdue", "motivation", data={"read": 0}, forbidden=f"{OWN} {STAFF}"),
    post(TEXT_RESTORE, "returned", "present_work", 0, data={"read": 0},
         forbidden=f"{OWN} {STAFF}"),
    post(LIST, "returned", ok=WRITERS, forbidden=f"reader {STAFF}"),
    get("applications:confirm", "returned", "submitted", ok="coordinator",
        forbidden=f"{REST} {STAFF}"),
    post("applications:move", "returned", "submitted", ok="coordinator",
         forbidden=f"{REST} {STAFF}"),
    post("applications:move", "returned", "withdrawn", ok="coordinator",
         forbidden=f"{REST} {STAFF}"),
    post("applications:move", "returned", "in_review", ok=f"{OWN} {STAFF}"),  # and says it is not
    post("applications:move", "in_review", "returned", ok=f"{OWN} {STAFF}"),  # a button of its own
]  # fmt: skip
NAMED = set()
# A foreign key answers like one that does not exist; the staff's pages begin with the sign-in.
FOREIGN = [
    ("applications:detail", "returned"),
    ("applications:edit", "returned", "motivation"),
    ("applications:attachments", "returned"),
]
