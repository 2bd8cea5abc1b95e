"""Who may open and do what with a strategy."""

from tests.matrix.words import (
    EVERYONE,
    EXPERT,
    READERS,
    REST,
    SIGNED_IN,
    STAFF,
    TALKERS,
    WRITERS,
    get,
    post,
    public,
)

NOT_WRITERS = f"reader {EXPERT} {STAFF}"
NOT_COORDINATOR = f"{REST} {EXPERT} {STAFF}"
SPEAKERS = f"{TALKERS} reviewer"
DAYS = {"starts_on": "2027-01-01", "ends_on": "2030-12-31"}
WORDS = DAYS | {"title": "New", "language": "fi"}
BODY = {"municipality": "town", "body": "committee", "name": "Education Committee"}
OUTCOME = {"decided_on": "2026-11-16", "section_number": "§ 1", "outcome": "approved"}
TITLE, READ = {"title": "New"}, {"title": "New", "read": 0}
COMMENT = {"text": "Look.", "key": "k"}


def seen(route, about, *args):
    return get(f"strategies:{route}", about, *args, ok=READERS)


def by_coordinator(route, about, *args, method="get", data=None):
    return get(
        f"strategies:{route}", about, *args, method=method, data=data, ok="coordinator",
        forbidden=NOT_COORDINATOR,
    )  # fmt: skip


def by_writers(route, about, *args, method="get", data=None):
    return get(
        f"strategies:{route}", about, *args, method=method, data=data, ok=WRITERS,
        forbidden=NOT_WRITERS,
    )  # fmt: skip


def desk(noun):
    """The six pages of one kind of text, while the strategy is drafted."""
    said, about = f"said_of_{noun}", f"strategies:{noun}_text"
    move = f"{about}_comment_move"
    return [
        by_writers(f"{noun}_edit", noun),
        by_writers(f"{noun}_edit", noun, method="post", data=READ),
        get(about, noun, "text", ok=READERS),
        get(about, noun, "title"),  # not one of the long texts
        get(f"{about}_history", noun, "text", ok=READERS),
        by_writers(
            f"{noun}_text_restore", f"written_{noun}", "text", 0, method="post", data={"read": 1}
        ),
        post(f"{about}_comment", noun, "text", data=COMMENT, ok=SPEAKERS, forbidden="reader lead"),
        post(move, noun, "text", said, "done", ok=SPEAKERS, forbidden="reader lead"),
        post(move, noun, "text", said, "withdrawn", ok="member",
             forbidden=f"coordinator partner reader {EXPERT} {STAFF}"),
        post(move, noun, "text", said, "hidden", ok="coordinator", forbidden=NOT_COORDINATOR),
    ]  # fmt: skip


MOVE, PUBLISH = "strategies:move", "strategies:publish"
ROWS = [
    get("strategies:list", ok=SIGNED_IN),
    by_coordinator("found", "participation"),
    by_coordinator("found", "participation", method="post", data=WORDS),
    seen("detail", "strategy"),
    seen("detail", "adopted"),
    seen("text", "strategy"),
    seen("coverage", "strategy"),
    seen("recommendations", "strategy"),
    by_coordinator("change", "strategy"),
    by_coordinator("change", "strategy", method="post", data=WORDS),
    get("strategies:change", "before_bodies", forbidden=READERS),
    get("strategies:change", "adopted", forbidden=READERS),
    by_coordinator("confirm", "strategy", "decision"),
    by_coordinator("confirm", "before_bodies", "drafting"),
    by_coordinator("confirm", "approved", "adopted"),
    get("strategies:confirm", "strategy", "adopted", forbidden=READERS),
    by_coordinator("move", "strategy", "decision", method="post"),
    by_coordinator("move", "before_bodies", "drafting", method="post"),
    by_coordinator("move", "approved", "adopted", method="post"),
    post(MOVE, "strategy", "adopted", ok=READERS),  # and says that it is not the moment
    by_coordinator("publish", "adopted", "published"),
    by_coordinator("publish", "adopted", "published", method="post"),
    by_coordinator("publish", "published", "withdrawn"),
    by_coordinator("publish", "published", "withdrawn", method="post"),
    get(PUBLISH, "strategy", "published", forbidden=READERS),
    by_coordinator("publish", "strategy", "published", method="post"),  # and is refused in words
    seen("files", "adopted"),
    seen("download", "published", "fi"),
    get("strategies:download", "adopted", "fi"),  # there is no file yet
    post("strategies:remake", "adopted", "fi", ok="coordinator lead",
         forbidden=f"{REST} {EXPERT} reviewer"),
    by_writers("use", "strategy", "recommendation"),
    by_writers("use", "strategy", "recommendation", method="post", data={"becomes": "own"}),
]  # fmt: skip
ROWS += [  # the bodies that decide, and other municipalities
    seen("decisions", "strategy"),
    by_coordinator("decisions", "strategy", method="post", data=BODY),
    by_coordinator("decision", "step"),
    by_coordinator("decision", "step_to_decide", method="post", data=OUTCOME),
    by_coordinator("decision_drop", "step", method="post"),
    seen("towns", "strategy"),
    by_coordinator("towns", "strategy", method="post", data={"municipality": "town"}),
    get("strategies:towns", "adopted", ok=READERS),
    get("strategies:invitation", "invited", ok="coordinator"),
    post("strategies:invitation_answer", "invited", "accepted", ok="coordinator"),
    post("strategies:invitation_answer", "invited", "declined", ok="coordinator"),
]
ROWS += [  # chapters, objectives, measures
    by_writers("chapter_add", "strategy"),
    by_writers("chapter_add", "strategy", method="post", data=TITLE),
    by_writers("objective_add", "strategy"),
    by_writers("objective_add", "strategy", method="post", data=TITLE),
    by_writers("measure_add", "objective"),
    by_writers("measure_add", "objective", method="post", data=TITLE),
    seen("measure", "measure"),
    by_writers("measure", "measure", method="post", data={"recommendation": "recommendation"}),
    by_writers("measure_unlink", "answered", "recommendation", method="post"),
    by_writers("measure_remove", "measure", method="post"),
    by_writers("measure_put_back", "removed_measure", method="post"),
    by_writers("objective_remove", "objective", method="post"),
    by_writers("objective_put_back", "removed_objective", method="post"),
    get("strategies:measure", "removed_measure"),
    *desk("chapter"),
    *desk("objective"),
    *desk("measure"),
    # Before the bodies the text is closed; what is said about it goes on until it is adopted.
    get("strategies:chapter_edit", "chapter_before_bodies", forbidden=READERS),
    post("strategies:chapter_edit", "chapter_before_bodies", data=READ, forbidden=READERS),
    post("strategies:chapter_text_comment", "chapter_before_bodies", "text", data=COMMENT,
         ok=SPEAKERS, forbidden="reader lead"),
    # What a body has amended a coordinator enters.
    by_coordinator("chapter_edit", "chapter_amended", method="post", data=READ),
    post("strategies:chapter_text_comment", "chapter_adopted", "text", data=COMMENT,
         forbidden=READERS),
    get("strategies:chapter_edit", "chapter_adopted", forbidden=READERS),
    post("strategies:measure_remove", "measure_before_bodies", forbidden=READERS),
]  # fmt: skip
ROWS += [  # what is published
    public("strategies:published_list"),
    public("strategies:published", "published"),
    public("strategies:published_file", "published", "fi"),
    public("strategies:published_data", "published"),
    get("strategies:published", "adopted", hidden=EVERYONE),
    get("strategies:published_file", "adopted", "fi", hidden=EVERYONE),
    get("strategies:published_data", "adopted", hidden=EVERYONE),
    get("strategies:published", "strategy", hidden=EVERYONE),
]
NAMED = {"recommendation", "said_of_chapter", "said_of_objective", "said_of_measure"}
