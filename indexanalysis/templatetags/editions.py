from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indexanalysis import words

register = template.Library()


@register.filter
def localized(text):
    """An edition's text in the language of the page."""
    return text.in_language(get_language())


@register.filter
def percent(score):
    """Whole percent with its sign, or words where there is no score, which is never 0."""
    if score is None:
        return _("No score")
    return f"{score}%" if get_language() == "en" else f"{score}\N{NO-BREAK SPACE}%"


@register.filter
def tag_word(line):
    """The name of a profile line's policy area, dimension or principle."""
    return words.TAGS[line.kind][line.code]


@register.filter
def tag_kind_word(kind):
    return words.TAG_KINDS[kind]


@register.filter
def counts_word(counts_in):
    return words.COUNTS_IN[counts_in]


@register.filter
def side_word(side):
    return words.SIDES[side]


@register.filter
def priority_word(priority):
    return words.PRIORITIES[priority]


@register.filter
def left_out_word(code):
    return words.LEFT_OUT[code]
