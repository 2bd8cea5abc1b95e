"""What the plain values of a strategy's content are called in the language of the page."""

from datetime import date

from django import template

from indexanalysis.models import Recommendation
from indexanalysis.words import TAG_KINDS, TAGS
from municipalities.languages import active_language
from strategies.models import DecisionStep
from strategies.models.data import Certainty

register = template.Library()


@register.filter
def day(text):
    """The date that an ISO text such as "2027-01-31" stands for; None where there is none."""
    return date.fromisoformat(text) if text else None


@register.filter
def worded(texts):
    """Of a text in all languages the page's one."""
    return texts[active_language()]


@register.filter
def tag_words(codes, kind):
    """The names of some codes of one kind of tag, in a line."""
    return ", ".join(str(TAGS[kind][code]) for code in codes)


@register.filter
def tag_kind_word(kind):
    return TAG_KINDS[kind]


@register.filter
def body_word(code):
    return DecisionStep.Body(code).label


@register.filter
def outcome_word(code):
    return DecisionStep.Outcome(code).label


@register.filter
def certainty_word(code):
    return Certainty(code).label


@register.filter
def recommendation_word(state):
    return Recommendation.State(state).label


@register.filter
def title_language(recommendation):
    """The language in which a recommendation's title can be shown: the page's, or its own."""
    here = active_language()
    return here if here in recommendation["titles"] else recommendation["language"]


@register.filter
def title_of(recommendation):
    return recommendation["titles"].get(title_language(recommendation), "")
