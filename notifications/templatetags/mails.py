from django import template

from notifications import plain

register = template.Library()


@register.filter
def one_line(value):
    """A name or title in a mail: whatever was typed, it stays on its line."""
    return plain.one_line(str(value))
