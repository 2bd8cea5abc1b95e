"""Who may open and do what on the way to a submitted application."""

from tests.matrix.words import OWN, REST, SIGNED_IN, STAFF, WRITERS, admin, get, post

OTHERS = "other_coordinator other_member"  # of the town that is a partner, or is asked
JOINT = f"{OWN} {OTHERS}"
BY_COORDINATOR = {"ok": "coordinator", "forbidden": REST}
# The cast's partner is a member in both towns.
BY_PARTNER = {"ok": "other_coordinator", "forbidden": OWN}

ROWS = [
    get("applications:pick", "", "the-call", ok=SIGNED_IN),
    get("applications:pick", "", "a-draft", ok=STAFF),
    get("applications:steps", "draft", ok=WRITERS, forbidden="reader"),
    get("applications:steps", "submitted", forbidden=f"{OWN} {STAFF}"),
    get("applications:partners", "draft", ok=OWN),
    get("applications:partners", "submitted", ok=f"{OWN} {STAFF}"),
    post("applications:partner_ask", "draft", data={"municipality": "999"}),
    post("applications:partner_ask", "draft", data={"municipality": "905"}, **BY_COORDINATOR),
    post("applications:partner_ask", "submitted", data={"municipality": "905"}, ok="coordinator",
         forbidden=f"{REST} {STAFF}"),  # and says that it is settled
    get("applications:partner", "asked", ok=f"{OWN} other_coordinator"),
    get("applications:partner", "joined", ok=JOINT),
    post("applications:partner_move", "asked", "confirmed", **BY_PARTNER),
    post("applications:partner_move", "asked", "declined", **BY_PARTNER),
    post("applications:partner_move", "asked", "removed", ok="coordinator",
         forbidden=f"{REST} other_coordinator"),
    post("applications:partner_move", "joined", "confirmed", ok=JOINT),  # and says it is done
    post("applications:partner_move", "joined", "declined", ok="other_coordinator",
         forbidden=f"{OWN} other_member"),
    post("applications:partner_move", "joined", "removed", ok="coordinator",
         forbidden=f"{REST} {OTHERS}"),
    post("applications:partner_move", "asked", "asked"),
    # What a confirmed partner's people may do in the application, and what they may not.
    get("applications:detail", "joint", ok=JOINT),
    get("applications:steps", "joint", ok=f"{WRITERS} {OTHERS}", forbidden="reader"),
    get("applications:edit", "joint", "motivation", ok=f"{WRITERS} {OTHERS}", forbidden="reader"),
    post("applications:edit", "joint", "motivation", data={"read": 0}, ok=f"{WRITERS} {OTHERS}",
         forbidden="reader"),
    get("applications:text", "joint", "motivation", ok=JOINT),
    get("applications:attachments", "joint", ok=JOINT),
    post("applications:attachments", "joint", ok=f"{WRITERS} {OTHERS}", forbidden="reader"),
    post("applications:partner_ask", "joint", data={"municipality": "905"}, ok="coordinator",
         forbidden=f"{REST} {OTHERS}"),
    get("applications:confirm", "joint", "submitted", ok="coordinator",
        forbidden=f"{REST} {OTHERS}"),
    post("applications:move", "joint", "submitted", ok="coordinator",
         forbidden=f"{REST} {OTHERS}"),
    post("applications:move", "joint", "withdrawn", ok="coordinator",
         forbidden=f"{REST} {OTHERS}"),
    # What was submitted
    get("applications:content", "draft"),
    get("applications:content", "handed_over", ok=OWN),
    post("applications:attachments", "to_follow", ok=WRITERS, forbidden="reader"),
    *admin("accounts_maildomain", "mail_domain", see=STAFF, add="lead"),
]  # fmt: skip
NAMED = set()
FOREIGN = [
    ("applications:steps", "draft"),
    ("applications:partners", "draft"),
    ("applications:content", "handed_over"),
]
