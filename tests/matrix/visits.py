"""Who may open and do what with visits, notes, findings and the follow-up."""

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

ARRANGERS = f"coordinator {EXPERT} lead"
WATCHERS = f"{REST} reviewer"  # who see a visit and arrange nothing
NOT_EXPERT = f"{OWN} {STAFF}"
PLACE = {"kind": "site", "place": "Town hall", "starts_on": "2026-1-1", "ends_on": "2026-1-1"}
COMMENT, WRITTEN = {"text": "Look.", "key": "k"}, {"read": 1, "text": "New."}
SAYS = {"day": "2026-01-02", "text": "Begun.", "key": "k"}
arranges = partial(get, ok=ARRANGERS, forbidden=WATCHERS)
expert = partial(get, ok=EXPERT)
experts_only = partial(get, ok=EXPERT, forbidden=NOT_EXPERT)
closed = partial(get, forbidden=READERS)
# A confidential note: its experts', and to be read by leads.
to_lead = partial(get, ok=EXPERT, forbidden="lead")

ROWS = [
    get("visits:list", ok=SIGNED_IN),
    get("visits:plan", "participation", ok="lead", forbidden=f"{OWN} {EXPERT} reviewer"),
    post("visits:plan", "participation", data=PLACE, ok="lead",
         forbidden=f"{OWN} {EXPERT} reviewer"),
    get("visits:detail", "planned", ok=READERS),
    get("visits:detail", "final", ok=READERS),
    arranges("visits:change", "planned"),
    arranges("visits:change", "planned", method="post", data=PLACE),
    closed("visits:change", "confirmed"),
    closed("visits:change", "confirmed", method="post", data=PLACE),
    get("visits:confirm", "reporting", "final", ok=EXPERT, forbidden=NOT_EXPERT),
    get("visits:confirm", "reporting", "held"),
    closed("visits:confirm", "held", "final"),
    post("visits:move", "planned", "confirmed", ok="coordinator",
         forbidden=f"{REST} {EXPERT} {STAFF}"),
    post("visits:move", "confirmed", "planned", ok="coordinator lead",
         forbidden=f"{REST} {EXPERT} reviewer"),
    post("visits:move", "confirmed", "held", ok=f"{EXPERT} lead", forbidden=f"{OWN} reviewer"),
    post("visits:move", "held", "report", ok=EXPERT, forbidden=NOT_EXPERT),
    post("visits:move", "reporting", "final", ok=EXPERT, forbidden=NOT_EXPERT),
    post("visits:move", "final", "planned", ok=READERS),  # and says that nothing was changed
    arranges("visits:programme", "planned"),
    arranges("visits:programme", "planned", method="post"),
    closed("visits:programme", "final"),
    closed("visits:programme", "final", method="post"),
    arranges("visits:item", "item"),
    arranges("visits:item", "item", method="post"),
    arranges("visits:item_remove", "item", method="post"),
    arranges("visits:people", "planned"),
    arranges("visits:people", "planned", method="post"),
    closed("visits:people", "final"),
    arranges("visits:person_remove", "person_met", method="post"),
    # The report: its experts' and leads' until it is final.
    get("visits:report", "held"),
    get("visits:report", "reporting", ok=f"{EXPERT} lead"),
    get("visits:report", "final", ok=READERS),
    get("visits:files", "reporting", ok=f"{EXPERT} lead"),
    get("visits:files", "final", ok=READERS),
    get("visits:download", "final", "fi"),  # there is no file yet
    get("visits:download", "final_with_files", "fi", ok=READERS),
    post("visits:remake", "final", "fi", ok=ARRANGERS, forbidden=WATCHERS),
    experts_only("visits:edit", "reporting"),
    experts_only("visits:edit", "reporting", method="post",
                 data={"read": 1, "summary": "New.", "language": "fi"}),
    closed("visits:edit", "held"),
    closed("visits:edit", "final", method="post", data={"read": 1}),
    experts_only("visits:text", "reporting", "summary"),
    experts_only("visits:text_history", "reporting", "summary"),
    experts_only("visits:text_restore", "reporting", "summary", 0, method="post",
                 data={"read": 1}),
    closed("visits:text_restore", "final", "summary", 0, method="post", data={"read": 1}),
    experts_only("visits:text_comment", "reporting", "summary", method="post", data=COMMENT),
    closed("visits:text_comment", "final", "summary", method="post", data=COMMENT),
    experts_only("visits:text_comment_move", "reporting", "summary", "said_of_summary", "done",
                 method="post"),
    # Notes
    experts_only("visits:note_new", "planned"),
    experts_only("visits:note_new", "planned", method="post"),
    get("visits:note", "note", ok=f"{EXPERT} lead"),
    get("visits:note", "shared_note", ok=READERS),
    to_lead("visits:note_move", "note", "shared", method="post"),
    experts_only("visits:note_move", "shared_note", "confidential", method="post"),
    to_lead("visits:note_discard", "note"),
    to_lead("visits:note_discard", "note", method="post"),
    experts_only("visits:note_discard", "shared_note", method="post"),
    to_lead("visits:note_edit", "note"),
    to_lead("visits:note_edit", "note", method="post", data={"read": 1}),
    experts_only("visits:note_edit", "shared_note", method="post", data={"read": 1}),
    to_lead("visits:note_text", "note", "text"),
    experts_only("visits:note_text", "shared_note", "text"),
    to_lead("visits:note_text_history", "note", "text"),
    experts_only("visits:note_text_history", "shared_note", "text"),
    to_lead("visits:note_text_restore", "note", "text", 0, method="post", data={"read": 1}),
    to_lead("visits:note_text_comment", "note", "text", method="post", data=COMMENT),
    experts_only("visits:note_text_comment", "shared_note", "text", method="post", data=COMMENT),
    to_lead("visits:note_text_comment_move", "note", "text", "said_of_note", "done",
            method="post"),
    # Findings
    experts_only("visits:finding_new", "planned"),
    experts_only("visits:finding_new", "planned", method="post"),
    closed("visits:finding_new", "final"),
    closed("visits:finding_new", "final", method="post"),
    expert("visits:finding", "found"),
    get("visits:finding", "shared_finding", ok=READERS),
    expert("visits:finding_basis", "found"),
    expert("visits:finding_basis", "found", method="post"),
    closed("visits:finding_basis", "shared_finding"),
    expert("visits:finding_share", "found", method="post"),
    experts_only("visits:finding_share", "shared_finding", method="post"),  # and says it is done
    expert("visits:finding_discard", "found"),
    expert("visits:finding_discard", "found", method="post"),
    closed("visits:finding_discard", "shared_finding", method="post"),
    expert("visits:finding_edit", "found"),
    expert("visits:finding_edit", "found", method="post", data={"read": 1}),
    closed("visits:finding_edit", "shared_finding"),
    closed("visits:finding_edit", "shared_finding", method="post", data={"read": 1}),
    expert("visits:finding_text", "found", "text"),
    experts_only("visits:finding_text", "shared_finding", "text"),
    expert("visits:finding_text_history", "found", "text"),
    experts_only("visits:finding_text_history", "shared_finding", "text"),
    expert("visits:finding_text_restore", "found", "text", 0, method="post", data={"read": 1}),
    closed("visits:finding_text_restore", "shared_finding", "text", 0, method="post",
           data={"read": 1}),
    expert("visits:finding_text_comment", "found", "text", method="post", data=COMMENT),
    closed("visits:finding_text_comment", "shared_finding", "text", method="post", data=COMMENT),
    expert("visits:finding_text_comment_move", "found", "text", "said_of_finding", "done",
           method="post"),
    # The follow-up
    get("visits:follow_up", "participation", ok=READERS),
    get("visits:observe", "recommended", forbidden=EXPERT),
    get("visits:observe", "issued", ok=f"{WRITERS} {EXPERT}", forbidden=f"reader {STAFF}"),
    post("visits:observe", "issued", data=SAYS, ok=f"{WRITERS} {EXPERT}",
         forbidden=f"reader {STAFF}"),
    *admin("visits_visit", "planned", see=STAFF, past="superuser"),
]  # fmt: skip
NAMED = {"said_of_summary", "said_of_note", "said_of_finding"}
