"""What the pages and the report call an edition's codes, in the language of the page."""

from django.utils.translation import gettext_lazy as _

from applications.words import AREAS
from indexanalysis.report import Given, row

TAGS = {
    "policy_areas": AREAS,
    "dimensions": {
        "attitudes": _("Attitudes"),
        "security": _("Security"),
        "interaction": _("Interaction"),
        "participation_and_influence": _("Participation and influence"),
    },
    "principles": {
        "equality": _("Equality"),
        "diversity_advantage": _("Diversity advantage"),
        "meaningful_interaction": _("Meaningful interaction"),
        "active_citizenship": _("Active citizenship"),
    },
}
TAG_KINDS = {
    "policy_areas": _("Policy areas"),
    "dimensions": _("Dimensions of good relations"),
    "principles": _("Intercultural principles"),
}
COUNTS_IN = {
    "core": _("Core and extended index"),
    "extended": _("Extended index only"),
    "none": _("Neither index"),
}
SIDES = {"fi": _("Finnish-language side"), "sv": _("Swedish-language side"), "": ""}
PRIORITIES = {
    1: _("high priority"),
    2: _("medium priority"),
    3: _("low priority"),
}
LEFT_OUT = {
    "not_applicable": _("Not applicable"),
    "another_body": _("Another body provides it"),
    "no_data": _("No data may be kept"),
}


def texts_of(question, values, language):
    """(label, text) of an answer's fields `values`, in the order of the page."""
    given = row(question, Given(values["value"]), language)
    return [
        (_("Answer"), "\n".join(map(side_text, given.sides))),
        (_("Reason"), values["reason"]),
        (_("Example and evidence"), values["example"]),
    ]


def side_text(side):
    """One side's answer: what was chosen, or why there is none; nothing where it is unanswered."""
    lines = [str(LEFT_OUT[side.left_out])] if side.left_out else list(side.texts)
    if side.side and lines:
        lines = [f"{SIDES[side.side]}: {'; '.join(lines)}"]
    return "\n".join(lines)
