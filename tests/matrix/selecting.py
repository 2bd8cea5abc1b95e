"""Who selects, who answers for a place, and who reads and takes out what came of it."""

from functools import partial

from tests.matrix.words import NOT_STAFF, OWN, REST, STAFF, admin, get, post

CONFIRM, MOVE = "applications:confirm", "applications:move"
CALL, APPLICATION = "admin:applications_call_", "admin:applications_application_"
END = "admin:applications_participation_end"
READERS_OF_LETTER = f"{OWN} {STAFF}"
NOT_COORDINATOR = f"{REST} {STAFF}"
answers = partial(get, ok="coordinator", forbidden=NOT_COORDINATOR)
EXPORTS = ("workbook", "json", "applications", "reviews", "marks")

ROWS = [
    answers(CONFIRM, "offered", "confirmed"),
    answers(CONFIRM, "offered", "declined"),
    answers(CONFIRM, "reserved", "declined"),
    get(CONFIRM, "reserved", "confirmed", forbidden=READERS_OF_LETTER),
    get(CONFIRM, "in_review", "confirmed", forbidden=READERS_OF_LETTER),
    answers(MOVE, "offered", "confirmed", method="post"),
    answers(MOVE, "offered", "declined", method="post"),
    answers(MOVE, "reserved", "declined", method="post"),
    # Impossible, or done already: said in words to whoever sees the application.
    post(MOVE, "reserved", "confirmed", ok=READERS_OF_LETTER),
    post(MOVE, "taken_place", "declined", ok=READERS_OF_LETTER),
    get("applications:detail", "offered", ok=READERS_OF_LETTER),
    get("applications:letter", "letter"),  # there is no file yet
    get("applications:letter", "stored_letter", ok=READERS_OF_LETTER),
    post("applications:letter_again", "letter", ok="coordinator lead",
         forbidden=f"{REST} reviewer"),
    get("applications:participation", "participation", ok=f"{READERS_OF_LETTER} expert"),
    NOT_STAFF(CALL + "selection", "decided", ok=STAFF, forbidden="superuser"),
    NOT_STAFF(CALL + "promote", "with_free_place", method="post", ok="lead",
              forbidden="reviewer superuser"),
    *admin("applications_lettertext", "letter_text", see=STAFF, past="superuser"),
    NOT_STAFF(APPLICATION + "statistics", ok=STAFF, forbidden="superuser"),
    *[NOT_STAFF(APPLICATION + "export", "", kind, ok=STAFF, forbidden="superuser")
      for kind in EXPORTS],
    NOT_STAFF(APPLICATION + "export", "", "everything", hidden=STAFF, forbidden="superuser"),
    NOT_STAFF(END, "participation", "withdrawn", ok="lead", forbidden="reviewer",
              hidden="superuser"),
    NOT_STAFF(END, "participation", "withdrawn", method="post", data={"reason": "No time."},
              ok="lead", forbidden="reviewer", hidden="superuser"),
    NOT_STAFF(END, "participation", "active", hidden=f"{STAFF} superuser"),
]  # fmt: skip
NAMED = set()
