"""Who may open and do what with calls, their files and the messages about them."""

from tests.matrix.words import NOT_STAFF, STAFF, admin, get, public

CALL, MESSAGE = "admin:applications_call_", "admin:applications_announcement_"
REASONS = {f"reason_{language}": "Because." for language in ("en", "fi", "sv")}
LATER = {"day": "1.1.2100", "clock": "16.00", "read": "2026-11-22T10:00:00+00:00", **REASONS}

ROWS = [
    public("applications:call_calendar", "", "the-call"),
    get("applications:call_calendar", "", "a-draft", ok=STAFF, hidden="anonymous"),
    public("applications:call_document", "call_document"),
    get("applications:call_document", "drafts_document", ok=STAFF, hidden="anonymous"),
    *admin("applications_call", "draft_call", see=STAFF, add="lead", away="superuser"),
    NOT_STAFF(CALL + "publish", "draft_call", ok="lead", forbidden="reviewer", hidden="superuser"),
    NOT_STAFF(CALL + "publish", "draft_call", method="post", ok="lead", forbidden="reviewer",
              hidden="superuser"),
    NOT_STAFF(CALL + "publish", "call", ok="lead", forbidden="reviewer superuser"),
    NOT_STAFF(CALL + "deadline", "call", ok="lead", forbidden="reviewer superuser"),
    NOT_STAFF(CALL + "deadline", "call", method="post", data=LATER, ok="lead",
              forbidden="reviewer superuser"),
    NOT_STAFF(CALL + "deadline", "draft_call", method="post", data=LATER, ok="lead",
              forbidden="reviewer", hidden="superuser"),  # and says that it is a draft
    NOT_STAFF(CALL + "copy", "finished_call", ok="lead", forbidden="reviewer superuser"),
    NOT_STAFF(CALL + "copy", "finished_call", method="post", ok="lead",
              forbidden="reviewer superuser"),
    NOT_STAFF(CALL + "copy", "call", method="post", ok="lead", forbidden="reviewer superuser"),
    *admin("applications_announcement", "announcement", see=STAFF, add="lead", past="superuser"),
    NOT_STAFF(MESSAGE + "send", "announcement", ok="lead", forbidden="reviewer",
              hidden="superuser"),
    NOT_STAFF(MESSAGE + "send", "announcement", method="post", ok="lead", forbidden="reviewer",
              hidden="superuser"),
    NOT_STAFF(MESSAGE + "send", "sent_announcement", ok="lead", forbidden="reviewer",
              hidden="superuser"),
    NOT_STAFF(MESSAGE + "send", "sent_announcement", method="post", ok="lead",
              forbidden="reviewer", hidden="superuser"),  # and says that it was sent
]  # fmt: skip
NAMED = set()
