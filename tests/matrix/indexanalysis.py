"""Who may open and do what with recommendations."""

from functools import partial

from tests.matrix.words import EXPERT, OWN, READERS, REST, STAFF, WRITERS, get, post

LIST, ONE = "indexanalysis:recommendations", "indexanalysis:recommendation"
TEXT, SAID = f"{ONE}_text", f"{ONE}_text_comment_move"
NEW, BASIS = f"{ONE}_new", {"questions": "COM-01", "priority": 1, "language": "en"}
COMMENT = {"text": "Look.", "key": "k"}
OTHERS = f"{OWN} {STAFF}"  # who see the assessment and recommend nothing
expert = partial(get, ok=EXPERT)
# What is no draft any more is seen by all readers, and changed by nobody.
closed = partial(get, forbidden=READERS)

ROWS = [
    get(LIST, "handed_in", ok=READERS),
    get(LIST, "assessment"),  # nothing is recommended before the answers are in
    expert(f"{ONE}_sections", "handed_in", forbidden=OTHERS),
    get(f"{ONE}_sections", "assessment"),
    expert(NEW, "handed_in", "commitment", forbidden=OTHERS),
    expert(NEW, "handed_in", "commitment", method="post", data=BASIS, forbidden=OTHERS),
    expert(f"{ONE}_start", "handed_in", "COM-01", 0, method="post", forbidden=OTHERS),
    expert(f"{ONE}_issue_all", "handed_in", forbidden=OTHERS),
    expert(f"{ONE}_issue_all", "handed_in", method="post", forbidden=OTHERS),
    expert(ONE, "recommended"),
    get(ONE, "issued", ok=READERS),
    get(ONE, "declined", ok=READERS),
    expert(f"{ONE}_basis", "recommended"),
    expert(f"{ONE}_basis", "recommended", method="post", data=BASIS),
    closed(f"{ONE}_basis", "issued"),
    closed(f"{ONE}_basis", "issued", method="post", data=BASIS),
    expert(f"{ONE}_discard", "recommended"),
    expert(f"{ONE}_discard", "recommended", method="post"),
    closed(f"{ONE}_discard", "issued"),
    closed(f"{ONE}_discard", "issued", method="post"),
    expert(f"{ONE}_issue", "recommended"),
    expert(f"{ONE}_issue", "recommended", method="post"),
    expert(f"{ONE}_issue", "issued", forbidden=OTHERS),
    expert(f"{ONE}_issue", "issued", method="post", forbidden=OTHERS),  # and says it is done
    get(f"{ONE}_respond", "recommended", forbidden=EXPERT),
    get(f"{ONE}_respond", "issued", ok="coordinator", forbidden=f"{REST} {EXPERT} {STAFF}"),
    post(f"{ONE}_respond", "issued", data={"answer": "accepted"}, ok="coordinator",
         forbidden=f"{REST} {EXPERT} {STAFF}"),
    post(f"{ONE}_respond", "accepted", data={"answer": "accepted"}, ok="coordinator",
         forbidden=f"{REST} {EXPERT} {STAFF}"),
    post(f"{ONE}_move", "recommended", "in_progress", forbidden=EXPERT),
    post(f"{ONE}_move", "issued", "in_progress", ok=WRITERS, forbidden=f"reader {EXPERT} {STAFF}"),
    post(f"{ONE}_move", "accepted", "in_progress", ok=WRITERS,
         forbidden=f"reader {EXPERT} {STAFF}"),
    post(f"{ONE}_move", "accepted", "accepted"),
    expert(f"{ONE}_edit", "recommended"),
    expert(f"{ONE}_edit", "recommended", method="post", data={"read": 0}),
    closed(f"{ONE}_edit", "issued"),
    closed(f"{ONE}_edit", "issued", method="post", data={"read": 0}),
    expert(TEXT, "recommended", "text_en"),
    get(TEXT, "recommended", "title_en"),  # not one of the long texts
    expert(TEXT, "issued", "text_en", forbidden=OTHERS),
    expert(f"{TEXT}_history", "recommended", "text_en"),
    expert(f"{TEXT}_history", "issued", "text_en", forbidden=OTHERS),
    expert(f"{TEXT}_restore", "written_recommendation", "text_en", 0, method="post",
           data={"read": 1}),
    closed(f"{TEXT}_restore", "issued", "text_en", 0, method="post", data={"read": 1}),
    expert(f"{TEXT}_comment", "recommended", "text_en", method="post", data=COMMENT),
    closed(f"{TEXT}_comment", "issued", "text_en", method="post", data=COMMENT),
    expert(SAID, "recommended", "text_en", "said_of_recommendation", "done", method="post"),
    expert(SAID, "recommended", "text_en", "said_of_recommendation", "withdrawn", method="post"),
    get(SAID, "recommended", "text_en", "said_of_recommendation", "hidden", method="post",
        forbidden=EXPERT),
]  # fmt: skip
NAMED = {"said_of_recommendation"}
